import { beforeAll, describe, expect, test } from "@jest/globals";
import { applyPatch, structuredPatch } from "diff";
import { isRight } from "../../../../bench/judge-stage-yaml.ts";
import { mergeCase, type MergeCase } from "../../../../bench/stage-yaml.ts";
import { mergeText } from "../../../../lib/update/merge/merge-text.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { mergeWithGit, type GitMerge } from "../../../support/merge-with-git.ts";
import { someLabels } from "../../../support/trees.ts";
import type { Tree } from "../../../../lib/update/update-plan.ts";

const firstSeed = Date.now() % 1_000_000;
const seeds = Array.from({ length: 400 }, (_, index) => firstSeed + index);

interface Result {
  readonly seed: number;
  readonly example: MergeCase;
  /** Undefined for a conflict. */
  readonly ours: string | undefined;
  readonly git: string | undefined;
}

/** Pipelines whose stages look alike, edited on two sides; `bench/merge.mjs` tries many more. */
describe("merging pipelines with stages that look alike", () => {
  let results: readonly Result[] = [];

  beforeAll(async () => {
    process.stdout.write(`stage YAML seeds from ${firstSeed}\n`);
    isolateGit();
    const examples = seeds.map((seed) => ({ seed, example: mergeCase(seed) }));
    const git = await mergeWithGit({
      base: treeOf(examples, "base"),
      ours: treeOf(examples, "ours"),
      theirs: treeOf(examples, "theirs"),
    });
    results = examples.map(({ seed, example }) => ({
      seed,
      example,
      ours: mergeOurs(example),
      git: gitText(git, seed),
    }));
  }, 120_000);

  test("never puts a change into a wrong stage, job or step", () => {
    const wrong = results.filter(({ ours, example }) => ours !== undefined && !isRight(ours, example));

    expect(wrong.map(({ seed }) => seed)).toEqual([]);
  });

  test("leaves no more to a person than git does", () => {
    const ours = results.filter((result) => result.ours === undefined);
    const git = results.filter((result) => result.git === undefined);

    expect(ours.length).toBeLessThanOrEqual(git.length);
  });

  test("is what git makes of it wherever git is right", () => {
    const different = results.filter(
      ({ ours, git, example }) => git !== undefined && isRight(git, example) && ours !== git,
    );

    expect(different.map(({ seed }) => seed)).toEqual([]);
  });

  test.each([59, 242, 270, 470])("puts each change of case %i in its place, where git does not", (seed) => {
    const example = mergeCase(seed);

    expect(isRight(mergeOurs(example) ?? "", example)).toBe(true);
  });

  test("leaves a job to a person that one side removed and the other one only shortened", () => {
    expect(mergeOurs(mergeCase(9331))).toBeUndefined();
  });

  test("differs from applying the user's patch, which is wrong in some of them", () => {
    const wrong = results.filter(({ example }) => {
      const patched = applyPatch(example.theirs, structuredPatch("a", "b", example.base, example.ours));
      return patched !== false && !isRight(patched, example);
    });

    expect(wrong.length).toBeGreaterThan(0);
  });
});

function treeOf(
  examples: readonly { readonly seed: number; readonly example: MergeCase }[],
  side: "base" | "ours" | "theirs",
): Tree {
  return new Map(
    examples.map(({ seed, example }) => {
      const path = `${seed}.yml`;
      return [path, { path, mode: "100644", bytes: Buffer.from(example[side]) }];
    }),
  );
}

function mergeOurs({ base, ours, theirs }: MergeCase): string | undefined {
  const sides = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
  const merged = mergeText({ ...sides, path: "a.yml", labels: someLabels });
  return merged?.conflict === undefined ? Buffer.from(merged?.bytes ?? []).toString() : undefined;
}

function gitText({ conflicts, tree }: GitMerge, seed: number): string | undefined {
  return conflicts.has(`${seed}.yml`) ? undefined : tree.get(`${seed}.yml`)?.bytes.toString();
}
