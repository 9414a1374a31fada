import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import {
  aConflict,
  anUpdate,
  applyTo,
  commitAll,
  git,
  indexOf,
  makeRepository,
  snapshot,
  writeFiles,
} from "../../../support/work-tree.ts";

describe("applyUpdate", () => {
  beforeAll(isolateGit);

  test("writes, replaces and deletes files, keeps the rest, and stages nothing", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", "src/old.py": "old\n", "own.txt": "own\n" });
    const index = indexOf(folder.path);

    const applied = await applyTo(
      folder.path,
      [
        anUpdate("a.yml", "1\n", "2\n"),
        anUpdate("src/old.py", "old\n", undefined),
        anUpdate("new/deep/run.sh", undefined, "#!x\n"),
        anUpdate("own.txt", "own\n", "own\n"),
      ],
      { state: { ".eac-model/manifest.json": "{}\n" } },
    );

    expect(applied).toEqual({
      written: ["a.yml", "new/deep/run.sh", ".eac-model/manifest.json"],
      deleted: ["src/old.py"],
      conflicts: [],
    });
    expect(snapshot(folder.path)).toEqual({
      ".eac-model/": "",
      ".eac-model/manifest.json": "644 {}\n",
      "a.yml": "644 2\n",
      "new/": "",
      "new/deep/": "",
      "new/deep/run.sh": "755 #!x\n",
      "own.txt": "644 own\n",
    });
    expect(indexOf(folder.path)).toEqual(index);
  });

  test("moves a file with its edits, along a chain of names too", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.txt": "a edited\n", "b.txt": "b edited\n" });

    await applyTo(folder.path, [
      { ...anUpdate("b.txt", "a edited\n", "a merged\n"), movedFrom: "a.txt", verdict: "move" },
      { ...anUpdate("c/b.txt", "b edited\n", "b edited\n"), movedFrom: "b.txt", verdict: "move" },
    ]);

    expect(snapshot(folder.path)).toEqual({
      "b.txt": "644 a merged\n",
      "c/": "",
      "c/b.txt": "644 b edited\n",
    });
  });

  test("puts a file in the place of a folder and a folder in the place of a file", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "one/x.txt": "x\n", two: "two\n" });
    mkdirSync(join(folder.path, "one", "empty", "deep"), { recursive: true });

    await applyTo(folder.path, [
      anUpdate("one", undefined, "one\n"),
      anUpdate("one/x.txt", "x\n", undefined),
      anUpdate("two", "two\n", undefined),
      anUpdate("two/y.txt", undefined, "y\n"),
    ]);

    expect(snapshot(folder.path)).toEqual({ one: "644 one\n", "two/": "", "two/y.txt": "644 y\n" });
  });

  test("writes links as links, and replaces one without touching where it leads", async () => {
    await using folder = await temporaryFolder();
    await using outside = await temporaryFolder();
    writeFileSync(join(outside.path, "secret"), "secret\n");
    makeRepository(folder.path, { "old.txt": `-> ${join(outside.path, "secret")}` });

    await applyTo(folder.path, [
      anUpdate("old.txt", `-> ${join(outside.path, "secret")}`, "plain\n"),
      anUpdate("new.txt", undefined, "-> old.txt"),
    ]);

    expect(snapshot(folder.path)).toEqual({ "new.txt": "-> old.txt", "old.txt": "644 plain\n" });
    expect(readFileSync(join(outside.path, "secret"), "utf8")).toBe("secret\n");
  });

  test("keeps who may read and write a file, and changes whether it can be run", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "run.sh": "echo\n", "tool.sh": "#!x\n" });
    chmodSync(join(folder.path, "run.sh"), 0o640);

    await applyTo(folder.path, [
      anUpdate("run.sh", "echo\n", "#!x echo\n"),
      anUpdate("tool.sh", "#!x\n", "plain\n"),
    ]);

    expect(lstatSync(join(folder.path, "run.sh")).mode & 0o777).toBe(0o750);
    expect(lstatSync(join(folder.path, "tool.sh")).mode & 0o777).toBe(0o644);
  });

  test("shows a conflict to git as unmerged, with all three sides, and nothing else", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "ours\n", "b.bin": "ours\n", "c.yml": "1\n" });

    const applied = await applyTo(folder.path, [
      aConflict("a.yml", { base: "base\n", ours: "ours\n", theirs: "theirs\n", after: "<<<<<<<\n" }),
      aConflict("b.bin", { base: "b\n", ours: "ours\n", theirs: "t\n", after: "ours\n", sidecar: "t\n" }),
      anUpdate("c.yml", "1\n", "2\n"),
    ]);

    expect(applied.conflicts).toEqual(["a.yml", "b.bin"]);
    expect(git(folder.path, "diff", "--name-only", "--diff-filter=U").split("\n")).toEqual([
      "a.yml",
      "b.bin",
      "",
    ]);
    expect([1, 2, 3].map((stage) => git(folder.path, "show", `:${stage}:a.yml`))).toEqual([
      "base\n",
      "ours\n",
      "theirs\n",
    ]);
    expect(git(folder.path, "status", "--porcelain")).toBe(
      "UU a.yml\nUU b.bin\n M c.yml\n?? b.bin.eac-new\n",
    );
  });

  test("shows conflicts of files that one side does not have", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "kept.yml": "edited\n" });
    writeFiles(folder.path, { "both.yml": "mine\n" });

    await applyTo(
      folder.path,
      [
        aConflict("kept.yml", { base: "base\n", ours: "edited\n", after: "edited\n" }),
        aConflict("both.yml", { ours: "mine\n", theirs: "theirs\n", after: "<<<<<<<\n" }),
      ],
      { state: { state: "new" } },
    );

    expect(git(folder.path, "status", "--porcelain")).toBe("AA both.yml\nUD kept.yml\n?? state\n");
  });

  test("does nothing where nothing is to change, not even in .git", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", state: "old" });

    await applyTo(folder.path, [anUpdate("a.yml", "1\n", "1\n")], { state: { state: "old" } });

    expect(git(folder.path, "status", "--porcelain")).toBe("");
    expect(existsSync(join(folder.path, ".git/eac-model/model/update"))).toBe(false);
  });

  test("refuses, with nothing changed, where a file is not as it was planned", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", "b.yml": "edited meanwhile\n", "new.yml": "appeared\n" });
    const before = snapshot(folder.path);

    const applying = applyTo(folder.path, [
      anUpdate("a.yml", "1\n", "2\n"),
      anUpdate("b.yml", "1\n", "2\n"),
      anUpdate("new.yml", undefined, "new\n"),
    ]);

    await expect(applying).rejects.toMatchObject({
      code: "EAC_UPDATE_CHANGED_MEANWHILE",
      message: expect.stringContaining("b.yml, new.yml"),
    });
    expect(snapshot(folder.path)).toEqual(before);
  });

  test("works in a subfolder of a larger repository and leaves the rest of it alone", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "other\n", "models/iris/a.yml": "ours\n" });

    await applyTo(join(folder.path, "models/iris"), [
      aConflict("a.yml", { base: "base\n", ours: "ours\n", theirs: "theirs\n", after: "<<<<<<<\n" }),
    ]);

    expect(git(folder.path, "status", "--porcelain")).toBe("UU models/iris/a.yml\n");
    expect(git(folder.path, "show", ":3:models/iris/a.yml")).toBe("theirs\n");
  });

  test("sets the mode in the index where the file system keeps none", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "run.sh": "echo\n", "same.sh": "#!x\n" });
    git(folder.path, "config", "core.fileMode", "false");
    chmodSync(join(folder.path, "same.sh"), 0o644);

    await applyTo(folder.path, [
      anUpdate("run.sh", "echo\n", "#!x echo\n"),
      anUpdate("same.sh", "#!x\n", "#!x more\n"),
    ]);

    expect(indexOf(folder.path).map((line) => line.slice(0, 6))).toEqual(["100755", "100755"]);
    expect(git(folder.path, "show", ":run.sh")).toBe("echo\n");
  });

  test("works in a repository whose ids are SHA-256", async () => {
    await using folder = await temporaryFolder();
    git(folder.path, "init", "--quiet", "--object-format=sha256");
    writeFiles(folder.path, { "a.yml": "ours\n" });
    commitAll(folder.path);

    await applyTo(folder.path, [
      aConflict("a.yml", { base: "b\n", ours: "ours\n", theirs: "t\n", after: "<<<<<<<\n" }),
    ]);

    expect(git(folder.path, "status", "--porcelain")).toBe("UU a.yml\n");
  });
});
