import { execFileSync, spawn } from "node:child_process";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { EacError } from "../../../lib/errors/eac-error.ts";
import type { ScaffoldPlan } from "../../../lib/scaffold/plan-scaffold.ts";
import { readTarget } from "../../../lib/scaffold/read-target.ts";
import { writeRepository } from "../../../lib/scaffold/write-repository.ts";
import { forgetGitIdentity, isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const options = { signal: new AbortController().signal, hasGitFolder: false };

function aPlan(folder: string, action: ScaffoldPlan["action"] = "create"): ScaffoldPlan {
  return {
    action,
    folder,
    branch: "main",
    commitMessage: "Create iris [skip ci]",
    files: [
      { path: ".gitignore", mode: "100644", bytes: Buffer.from("*.bin\n") },
      { path: "src/run.sh", mode: "100755", bytes: Buffer.from("#!/bin/sh\n") },
      { path: "weights.bin", mode: "100644", bytes: Buffer.from([0, 255, 13, 10]) },
    ],
  };
}

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();
}

describe("writeRepository", () => {
  beforeAll(isolateGit);

  test("makes a repository with one commit that holds every file, ignored ones too, and nothing else beside it", async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, "models", "iris");

    await writeRepository(aPlan(folder), options);

    expect(git(folder, "log", "--format=%an %s")).toBe("Test Person Create iris [skip ci]");
    expect(git(folder, "status", "--porcelain")).toBe("");
    expect(git(folder, "ls-files").split("\n")).toEqual([".gitignore", "src/run.sh", "weights.bin"]);
    expect(git(folder, "branch", "--show-current")).toBe("main");
    expect(await readFile(join(folder, "weights.bin"))).toEqual(Buffer.from([0, 255, 13, 10]));
    expect((await stat(join(folder, "src/run.sh"))).mode & 0o111).not.toBe(0);
    expect(await readdir(join(parent.path, "models"))).toEqual(["iris"]);
  });

  test("fills a clone of an empty repository and commits there", async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, "iris");
    await mkdir(folder);
    git(folder, "init", "--quiet", "--initial-branch=main");
    git(folder, "config", "core.hooksPath", ".nothing");

    await writeRepository(aPlan(folder, "fill"), { ...options, hasGitFolder: true });

    expect(git(folder, "log", "--oneline").split("\n")).toHaveLength(1);
    expect(git(folder, "config", "core.hooksPath")).toBe(".nothing");
    expect(await readdir(folder)).toEqual([".git", ".gitignore", "src", "weights.bin"]);
  });

  test("leaves nothing behind when git does not know who commits, and says what to set", async () => {
    await using parent = await temporaryFolder();
    forgetGitIdentity();

    const failure = writeRepository(aPlan(join(parent.path, "iris")), options);

    await expect(failure).rejects.toMatchObject({ code: "EAC_GIT_IDENTITY_MISSING" });
    await expect(failure).rejects.toThrow("user.name and user.email are not set");
    expect(await readdir(parent.path)).toEqual([]);
    isolateGit();
  });

  test("leaves nothing behind when it is asked to stop", async () => {
    await using parent = await temporaryFolder();

    const failure = writeRepository(aPlan(join(parent.path, "iris")), {
      ...options,
      signal: AbortSignal.abort(),
    });

    await expect(failure).rejects.toMatchObject({ code: "EAC_INTERRUPTED", exitCode: 130 });
    expect(await readdir(parent.path)).toEqual([]);
  });

  test("says which folder could not be written when the file system refuses", async () => {
    await using parent = await temporaryFolder();
    await writeFile(join(parent.path, "file"), "");

    const failure = writeRepository(aPlan(join(parent.path, "file", "iris")), options);

    await expect(failure).rejects.toBeInstanceOf(EacError);
    await expect(failure).rejects.toMatchObject({ code: "EAC_SCAFFOLD_WRITE_FAILED" });
  });

  test("removes the staging folder of a killed run, and not that of a running one", async () => {
    await using parent = await temporaryFolder();
    const dead = spawn(process.execPath, ["--version"]);
    await new Promise((done) => dead.once("exit", done));
    await mkdir(join(parent.path, `.iris.eac-model-${dead.pid}`));
    await mkdir(join(parent.path, `.iris.eac-model-${process.ppid}`));

    await writeRepository(aPlan(join(parent.path, "iris")), options);

    expect((await readdir(parent.path)).toSorted()).toEqual([`.iris.eac-model-${process.ppid}`, "iris"]);
  });

  test("commits in the folder it is asked to, whatever GIT_DIR says", async () => {
    await using parent = await temporaryFolder();
    process.env["GIT_DIR"] = join(parent.path, "elsewhere.git");

    await writeRepository(aPlan(join(parent.path, "iris")), options).finally(
      () => delete process.env["GIT_DIR"],
    );

    expect(await readdir(parent.path)).toEqual(["iris"]);
  });
});

describe("readTarget", () => {
  beforeAll(isolateGit);

  test("finds nothing where nothing is", async () => {
    await using parent = await temporaryFolder();

    expect((await readTarget(join(parent.path, "iris"))).exists).toBe(false);
  });

  test("refuses a path that is a file", async () => {
    await using parent = await temporaryFolder();
    await writeFile(join(parent.path, "iris"), "");

    await expect(readTarget(join(parent.path, "iris"))).rejects.toMatchObject({
      code: "EAC_SCAFFOLD_NOT_A_FOLDER",
    });
  });

  test("knows a repository of ours by its answers, whatever else lies beside it", async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, "iris");
    await writeRepository(
      {
        ...aPlan(folder),
        files: [{ path: ".eac-model/answers.yml", mode: "100644", bytes: Buffer.from("a: 1") }],
      },
      options,
    );
    await mkdir(join(folder, ".venv"));
    await Promise.all(
      Array.from({ length: 2100 }, (_, index) => writeFile(join(folder, ".venv", `${index}.py`), "")),
    );

    const target = await readTarget(folder);

    expect(target).toMatchObject({ hasCommit: true });
    expect([...target.files.keys()]).toEqual([".eac-model/answers.yml"]);
  });

  test("lists every file but those of git and of a killed run", async () => {
    await using parent = await temporaryFolder();
    await mkdir(join(parent.path, ".eac-model-123"));
    await mkdir(join(parent.path, "a"));
    await writeFile(join(parent.path, ".eac-model-123", "x"), "");
    await writeFile(join(parent.path, "a", "b.txt"), "b");
    git(parent.path, "init", "--quiet");

    const target = await readTarget(parent.path);

    expect([...target.files.keys()]).toEqual(["a/b.txt"]);
    expect(target).toMatchObject({ hasGitFolder: true, hasCommit: false });
  });
});
