import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import { anAnswers } from "../support/an-answers.ts";
import { root } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Change {
  readonly branch: string;
  readonly title: string;
}

/** The script is JavaScript; this is what it offers. */
interface Script {
  readonly pushChange: (
    organisation: {
      readonly git: (words: readonly string[]) => string;
      readonly page: (path: string) => string;
    },
    whose: { readonly repository: string; readonly author: string },
  ) => Change | undefined;
  readonly titleOf: (ref: string) => string;
}

async function script(): Promise<Script> {
  return await import(pathToFileURL(join(root, "scripts", "story", "change.mjs")).href);
}

function git(words: readonly string[]): string {
  return execFileSync("git", words, { env: process.env, encoding: "utf8", stdio: "pipe" }).trim();
}

/** A bare repository with the sample model, where the organisation would have it. */
async function sampleRepository(folder: string): Promise<string> {
  const source = join(folder, "source");
  for (const { path, bytes } of renderTree(await readTemplates(), anAnswers())) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), bytes);
  }
  git(["init", "--quiet", "--initial-branch", "main", source]);
  git(["-C", source, "add", "--all"]);
  git(["-C", source, "commit", "--quiet", "--message", "Sample"]);
  const bare = join(folder, "_git", "iris");
  git(["clone", "--quiet", "--bare", source, bare]);
  return bare;
}

describe("the change that npm start makes", () => {
  beforeAll(isolateGit);

  test("first measures the sample model better, then trains it better, in smaller and smaller steps", async () => {
    await using folder = await temporaryFolder();
    const bare = await sampleRepository(folder.path);
    const { pushChange, titleOf } = await script();
    const organisation = { git, page: (path: string) => `file://${join(folder.path, path)}` };

    const made: (Change | undefined)[] = [];
    for (let index = 0; index < 4; index += 1) {
      const change = pushChange(organisation, { repository: "iris", author: "dana.scientist@example.com" });
      made.push(change);
      git(["-C", bare, "update-ref", "refs/heads/main", `refs/heads/${change?.branch ?? ""}`]);
    }

    expect(made.map((change) => change?.branch)).toEqual([
      "story/log-loss",
      "story/regularisation-2",
      "story/regularisation-2.5",
      "story/regularisation-2.75",
    ]);
    expect(made.map((change) => titleOf(`refs/heads/${change?.branch ?? ""}`))).toEqual(
      made.map((change) => change?.title),
    );
    expect(git(["-C", bare, "log", "-1", "--format=%an <%ae>"])).toBe(
      "Dana Scientist <dana.scientist@example.com>",
    );
    expect(git(["-C", bare, "diff", "--name-only", "main~4", "main"]).split("\n")).toEqual([
      "demo_model/evaluation_thresholds.yml",
      "demo_model/model_modules/scoring.py",
      "demo_model/model_parameters.yml",
      "tests/unit_test.py",
    ]);
  });

  test("is none where a team has made the model its own", async () => {
    await using folder = await temporaryFolder();
    const bare = await sampleRepository(folder.path);
    const { pushChange } = await script();
    const work = join(folder.path, "work");
    git(["clone", "--quiet", bare, work]);
    const scoring = join(work, "demo_model", "model_modules", "scoring.py");
    await writeFile(
      scoring,
      (await readFile(scoring, "utf8")).replaceAll("accuracy_score", "precision_score"),
    );
    await writeFile(join(work, "demo_model", "model_parameters.yml"), "depth: 3\n");
    git(["-C", work, "commit", "--quiet", "--all", "--message", "Our own"]);
    git(["-C", work, "push", "--quiet", "origin", "main"]);

    const change = pushChange(
      { git, page: (path: string) => `file://${join(folder.path, path)}` },
      { repository: "iris", author: "dana.scientist@example.com" },
    );

    expect(change).toBeUndefined();
    expect(git(["-C", bare, "branch", "--list"])).toBe("* main");
  });
});
