import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { isolateGit } from "../support/git-environment.ts";
import { eacModel, root } from "../support/eac-model.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

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

describe("yo eac-model:update", () => {
  beforeAll(isolateGit);
  afterEach(() => {
    process.exitCode = 0;
  });

  test("changes answers as the command does", async () => {
    const { default: helpers } = await import("yeoman-test");
    await using folder = await temporaryFolder();
    const words = ["init", "out", "--answers", join(root, "docs", "examples", "iris.yml"), "--no-provision"];
    await eacModel(words, { cwd: folder.path });
    const before = process.cwd();
    const generator = join(root, "dist", "generators", "update", "index.js");
    const options: object = { set: "environment_file=pip", yes: true };

    const result = await helpers
      .run(generator, { namespace: "eac-model:update" })
      .withOptions(options)
      .withArguments([join(folder.path, "out")]);

    process.chdir(before);
    result.cleanup();
    expect(process.exitCode).toBe(0);
    expect(readdirSync(join(folder.path, "out", "demo_model"))).not.toContain("environment.yml");
  }, 60_000);
});
