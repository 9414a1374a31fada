import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { Owner } from "../../../lib/template/ownership.ts";
import { planUpdate } from "../../../lib/update/plan-update.ts";
import { isSafePath } from "../../../lib/update/safe-path.ts";
import { sha256 } from "../../../lib/update/sha256.ts";
import type { Tree, TreeEntry, UpdateInput, UpdatePlan } from "../../../lib/update/update-plan.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { mergeWithGit } from "../../support/merge-with-git.ts";
import { runs } from "../../support/property-seed.ts";
import { aTree, anUpdate, changesOf, textsOf, treeAfter, type Contents } from "../../support/trees.ts";

isolateGit();

/** What one side does to a file of ten lines. */
type Edit =
  | { readonly kind: "nothing" | "delete" | "executable" }
  | { readonly kind: "replace" | "insert" | "remove"; readonly at: number }
  | { readonly kind: "move"; readonly to: string };

interface FileCase {
  readonly ours: readonly Edit[];
  readonly theirs: readonly Edit[];
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom<Edit>({ kind: "nothing" }, { kind: "delete" }, { kind: "executable" }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("replace" as const, "insert" as const, "remove" as const),
      at: fc.nat({ max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), to: fc.constantFrom("x", "y") }) },
);
const fileCases = fc.array(
  fc.record({ ours: fc.array(edit, { maxLength: 3 }), theirs: fc.array(edit, { maxLength: 3 }) }),
  { minLength: 1, maxLength: 6 },
);
const textCases = fileCases.map((cases) =>
  cases.map(({ ours, theirs }) => ({ ours: ours.filter(staysInPlace), theirs: theirs.filter(staysInPlace) })),
);

function staysInPlace({ kind }: Edit): boolean {
  return kind !== "move" && kind !== "delete";
}

/** Words that git's weak hash of lines does not take for each other. */
const original = (file: number): readonly string[] =>
  Array.from({ length: 10 }, (_, line) => sha256(Buffer.from(`${file} ${line}`)).slice(0, 20));

/** A file after some edits; what a side writes names the side, so that nothing is alike by chance. */
function editedFile(file: number, edits: readonly Edit[], side: string): Contents {
  let path = `${file}.txt`;
  let mode: "100644" | "100755" = "100644";
  const lines = [...original(file)];
  for (const [number, change] of edits.entries()) {
    const text = `file ${file}, ${side} ${number}`;
    if (change.kind === "delete") return {};
    else if (change.kind === "executable") mode = "100755";
    else if (change.kind === "move") path = `${change.to}/${file}.txt`;
    else if (change.kind === "replace") lines[change.at] = text;
    else if (change.kind === "insert") lines.splice(change.at, 0, text);
    else if (change.kind === "remove") lines.splice(change.at, 1);
  }
  return { [path]: { mode, bytes: `${lines.join("\n")}\n` } };
}

function sideOf(cases: readonly FileCase[], side: "ours" | "theirs"): Contents {
  return Object.assign({}, ...cases.map((file, index) => editedFile(index, file[side], side)));
}

function baseOf(cases: readonly FileCase[]): Contents {
  return Object.assign({}, ...cases.map((_, index) => editedFile(index, [], "base")));
}

function updateOf(cases: readonly FileCase[], changes: Partial<UpdateInput> = {}): UpdateInput {
  return anUpdate(
    { base: baseOf(cases), ours: sideOf(cases, "ours"), theirs: sideOf(cases, "theirs") },
    changes,
  );
}

function linesOf(entries: Iterable<TreeEntry | undefined>): ReadonlySet<string> {
  const texts = [...entries].map((entry) => Buffer.from(entry?.bytes ?? []).toString("latin1"));
  return new Set(texts.flatMap((text) => text.split("\n")));
}

function hasConflicts({ entries }: UpdatePlan): boolean {
  return entries.some(({ conflict }) => conflict !== undefined);
}

function ownerByName(path: string): Owner {
  return path.endsWith(".txt") ? "team" : "platform";
}

function backwards(tree: Tree): Tree {
  return new Map([...tree].toReversed());
}

function written(path: string, mode = "", bytes: Uint8Array = Buffer.of()): string {
  return `${path} ${mode} ${Buffer.from(bytes).toString()}`;
}

function safe(contents: Contents): Contents {
  return Object.fromEntries(Object.entries(contents).filter(([name]) => isSafePath(name)));
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

describe("every plan", () => {
  test("gives back what only one side changed", () => {
    fc.assert(
      fc.property(fileCases, (cases) => {
        const { base, ours, theirs } = updateOf(cases);

        const kept = planUpdate(anUpdate({}, { base, ours, theirs: base, theirsBefore: base }));
        const taken = planUpdate(anUpdate({}, { base, ours: base, theirs, theirsBefore: theirs }));
        const same = planUpdate(anUpdate({}, { base, ours: theirs, theirs, theirsBefore: theirs }));

        expect(treeAfter(ours, kept)).toEqual(ours);
        expect(textsOf(treeAfter(base, taken))).toEqual(textsOf(theirs));
        expect(changesOf(same)).toEqual([]);
      }),
      runs(200),
    );
  });

  test("loses no line of ours", () => {
    fc.assert(
      fc.property(fileCases, (cases) => {
        const input = updateOf(cases);
        const plan = planUpdate(input);

        const left = linesOf([
          ...treeAfter(input.ours, plan).values(),
          ...plan.entries.map(({ conflict }) => conflict?.ours),
        ]);

        const before = linesOf(input.base.values());
        const lost = [...linesOf(input.ours.values())].filter((line) => !before.has(line) && !left.has(line));
        expect(lost).toEqual([]);
      }),
      runs(300),
    );
  });

  test("loses no line of the template, but in files that were deleted here, which it names", () => {
    fc.assert(
      fc.property(fileCases, (cases) => {
        const input = updateOf(cases);
        const plan = planUpdate(input);

        const named = plan.entries
          .filter(({ verdict }) => verdict === "stay-deleted")
          .map(({ path }) => input.theirs.get(path));
        const left = linesOf([
          ...treeAfter(input.ours, plan).values(),
          ...plan.entries.map(({ conflict }) => conflict?.theirs),
          ...named,
        ]);

        const before = linesOf(input.base.values());
        const lost = [...linesOf(input.theirs.values())].filter(
          (line) => !before.has(line) && !left.has(line),
        );
        expect(lost).toEqual([]);
      }),
      runs(300),
    );
  });

  test("carried out once leaves nothing to do", () => {
    fc.assert(
      fc.property(fileCases, (cases) => {
        const input = updateOf(cases);
        const ours = treeAfter(input.ours, planUpdate(input));

        const again = planUpdate({ ...input, base: input.theirs, ours });

        expect(changesOf(again)).toEqual([]);
      }),
      runs(300),
    );
  });

  test("over two versions gives what a plan over both at once gives, where none conflicts", () => {
    let compared = 0;
    fc.assert(
      fc.property(textCases, textCases, (cases, later) => {
        const input = updateOf(cases);
        const contents = later.flatMap((file, index) =>
          Object.entries(applyLater(textsOf(input.theirs), index, file.theirs)),
        );
        const theirs = aTree({ ...textsOf(input.theirs), ...Object.fromEntries(contents) });

        const first = planUpdate(input);
        const second = planUpdate({
          ...input,
          base: input.theirs,
          ours: treeAfter(input.ours, first),
          theirs,
        });
        const both = planUpdate({ ...input, theirs });

        if ([first, second, both].some((plan) => hasConflicts(plan))) return;
        compared += 1;
        const inSteps = treeAfter(treeAfter(input.ours, first), second);
        expect(textsOf(inSteps)).toEqual(textsOf(treeAfter(input.ours, both)));
      }),
      runs(300),
    );
    expect(compared).toBeGreaterThan(20);
  });

  test("leaves what is not the platform's as it is", () => {
    const extra = fc.dictionary(fc.constantFrom("mine.py", "data/a.csv", "7.txt", "x/mine"), fc.string());
    fc.assert(
      fc.property(fileCases, extra, (cases, mine) => {
        const { base, theirs, ours } = updateOf(cases);
        const before = new Map([...aTree(mine), ...ours]);
        const after = treeAfter(
          before,
          planUpdate({ ...updateOf(cases), base, theirs, ours: before, ownerOf: ownerByName }),
        );

        for (const [path, entry] of before) expect(after.get(path)).toEqual(entry);
      }),
      runs(200),
    );
  });

  test("does not depend on the order of the trees", () => {
    fc.assert(
      fc.property(fileCases, (cases) => {
        const input = updateOf(cases);

        const plan = planUpdate({
          ...input,
          base: backwards(input.base),
          ours: backwards(input.ours),
          theirs: backwards(input.theirs),
        });

        expect(plan).toEqual(planUpdate(input));
      }),
      runs(100),
    );
  });
});

/** One file of a later version of the template. */
function applyLater(
  texts: Readonly<Record<string, string>>,
  file: number,
  edits: readonly Edit[],
): Readonly<Record<string, string>> {
  const path = `${file}.txt`;
  const lines = texts[path]?.split("\n").slice(0, -1);
  if (lines === undefined) return {};
  for (const [number, change] of edits.entries()) {
    const text = `file ${file}, later ${number}`;
    if (change.kind === "replace" && change.at < lines.length) lines[change.at] = text;
    if (change.kind === "insert") lines.splice(change.at, 0, text);
    if (change.kind === "remove") lines.splice(change.at, 1);
  }
  return { [path]: `${lines.join("\n")}\n` };
}

describe("a plan and git merge-tree", () => {
  /** Many cases in one merge: each has its own folder and its own lines. */
  test("make the same of what git merges without a conflict, and leave what git leaves", async () => {
    const { seed } = runs(150);
    const cases = fc.sample(fileCases, { seed, numRuns: 150 }).flat();
    const input = updateOf(cases);

    const git = await mergeWithGit(input);

    const plan = planUpdate(input);
    const after = treeAfter(input.ours, plan);
    const unlike: string[] = [];
    for (const number of cases.keys()) {
      const of = (paths: Iterable<string>): readonly string[] =>
        [...paths].filter((path) => path.endsWith(`/${number}.txt`) || path === `${number}.txt`);
      const isGitClean = of(git.conflicts).length === 0;
      const entries = plan.entries.filter(({ path }) => of([path]).length > 0);
      const isOursClean = entries.every(
        ({ conflict, verdict }) => conflict === undefined && verdict !== "stay-deleted",
      );
      const gitFiles = of(git.tree.keys()).map((path) =>
        written(path, git.tree.get(path)?.mode, git.tree.get(path)?.bytes),
      );
      const ourFiles = of(after.keys()).map((path) =>
        written(path, after.get(path)?.mode, after.get(path)?.bytes),
      );
      if (isGitClean !== isOursClean)
        unlike.push(`${JSON.stringify(cases[number])} git clean: ${isGitClean}`);
      else if (isGitClean && gitFiles.join() !== ourFiles.join()) unlike.push(JSON.stringify(cases[number]));
    }
    expect(unlike).toEqual([]);
  }, 60_000);
});

describe("paths that nobody would choose", () => {
  const segment = fc.oneof(
    fc.constantFrom(
      "..",
      ".",
      "",
      ".git",
      ".GIT",
      "git~1",
      "a",
      "A",
      "é",
      "e\u0301",
      "a.eac-new",
      "C:",
      "con",
      "a ",
      "a.",
    ),
    fc.string({ maxLength: 4 }),
  );
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));
  const tree = fc.dictionary(path, fc.constantFrom("1\n2\n3\n", "1\n2\nx\n", "\0a", "\0b"), { maxKeys: 5 });

  test("are never written to: what is written is safe, and clear of every other file", () => {
    fc.assert(
      fc.property(tree, tree, tree, (base, ours, theirs) => {
        const input = anUpdate({ base: safe(base), ours, theirs: safe(theirs) });

        const plan = planUpdate(input);

        const written = changesOf(plan).flatMap(({ path: at, before, after, conflict }) => [
          ...(after !== undefined && after !== before ? [at] : []),
          ...(conflict?.sidecar ? [conflict.sidecar.path] : []),
        ]);
        expect(written.filter((name) => !isSafePath(name))).toEqual([]);
        const after = treeAfter(input.ours, plan);
        for (const name of written) expect([name, obstacles(name, after.keys())]).toEqual([name, []]);
      }),
      runs(500),
    );
  });

  test("are refused in a template", () => {
    fc.assert(
      fc.property(path, (name) => {
        fc.pre(!isSafePath(name));

        expect(() => planUpdate(anUpdate({ theirs: { [name]: "x" } }))).toThrow("unsafe path");
      }),
      runs(200),
    );
  });
});

/** Other files that cannot be beside one of this name on every disk. */
function obstacles(name: string, others: Iterable<string>): readonly string[] {
  return [...others].filter(
    (other) =>
      other !== name &&
      (folded(other) === folded(name) ||
        folded(other).startsWith(`${folded(name)}/`) ||
        folded(name).startsWith(`${folded(other)}/`)),
  );
}
