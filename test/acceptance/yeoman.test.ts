import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { isolateGit } from "../support/git-environment.ts";
import { root } from "../support/eac-model.ts";

describe("yo eac-model", () => {
  beforeAll(isolateGit);
  afterEach(() => {
    process.exitCode = 0;
  });

  test("makes the repository that the command makes, from an answers file", async () => {
    const { default: helpers } = await import("yeoman-test");
    const before = process.cwd();
    const generator = join(root, "dist", "generators", "app", "index.js");
    const options: object = {
      answers: join(root, "docs", "examples", "iris.yml"),
      yes: true,
      provision: false,
    };

    const result = await helpers
      .run(generator, { namespace: "eac-model:app" })
      .withOptions(options)
      .withArguments(["out"]);

    const made = readdirSync(join(result.cwd, "out")).toSorted();
    process.chdir(before);
    result.cleanup();
    expect(made).toEqual([
      ".eac-model",
      ".git",
      ".gitattributes",
      ".gitignore",
      "README.md",
      "demo_model",
      "docs",
      "pipelines",
      "pyproject.toml",
      "src",
      "tests",
    ]);
  }, 60_000);
});
