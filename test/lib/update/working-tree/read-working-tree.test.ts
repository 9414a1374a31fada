import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { openRepository } from "../../../../lib/update/working-tree/model-repository.ts";
import { readWorkingTree, type WorkingTree } from "../../../../lib/update/working-tree/read-working-tree.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { aTree, bytesOf, commitAll, git, makeRepository, writeFiles } from "../../../support/work-tree.ts";

/** Reads what is there for a base of these files, and for a new render of the others. */
async function read(
  folder: string,
  base: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>> = {},
): Promise<WorkingTree> {
  return await readWorkingTree(await openRepository(folder), { base: aTree(base), others: [aTree(theirs)] });
}

/** Each entry as its mode and its text. */
function shown({ entries }: WorkingTree): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...entries].map(([path, { mode, bytes }]) => [path, `${mode} ${Buffer.from(bytes).toString("latin1")}`]),
  );
}

describe("readWorkingTree", () => {
  beforeAll(isolateGit);

  test("reads the paths of all trees that exist, with their modes and exact bytes, and no others", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.txt": "mine\r\n", "own.txt": "own\n" });
    writeFiles(folder.path, { "new/run.sh": "#!x\n", "latin.txt": "", link: "-> own.txt" });
    writeFileSync(join(folder.path, "latin.txt"), Buffer.from([0xe9, 0, 0xff]));

    const tree = await read(
      folder.path,
      { "a.txt": "1\n", link: "x" },
      { "new/run.sh": "", "latin.txt": "", "b.txt": "" },
    );

    expect(shown(tree)).toEqual({
      "a.txt": "100644 mine\r\n",
      "latin.txt": "100644 \u00e9\0\u00ff",
      link: "120000 own.txt",
      "new/run.sh": "100755 #!x\n",
    });
    expect(tree.problems).toEqual([]);
  });

  test("never reads through a link, and shows the link instead", async () => {
    await using folder = await temporaryFolder();
    await using outside = await temporaryFolder();
    writeFiles(outside.path, { "secret.txt": "secret\n" });
    makeRepository(folder.path, {});
    symlinkSync(outside.path, join(folder.path, "src"));

    const tree = await read(folder.path, { "src/secret.txt": "x\n" });

    expect(shown(tree)).toEqual({ src: `120000 ${outside.path}` });
  });

  test("shows a file in the place of a folder, and what is in a folder in the place of a file", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { docs: "a file\n", "run.sh/a/b.txt": "deep\n" });

    const tree = await read(folder.path, { "docs/index.md": "", "run.sh": "" });

    expect(shown(tree)).toEqual({ docs: "100644 a file\n", "run.sh/a/b.txt": "100644 deep\n" });
  });

  test("shows twins of a path under the names that the disk has", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "README.MD": "upper\n", "Docs/caf\u00e9.md": "composed\n" });

    const tree = await read(folder.path, { "README.MD": "" }, { "readme.md": "", "docs/cafe\u0301.md": "" });

    expect(Object.keys(shown(tree)).toSorted()).toEqual(["Docs/caf\u00e9.md", "README.MD"]);
  });

  test("shows a submodule as its commit, and enters no repository inside", async () => {
    await using folder = await temporaryFolder();
    makeRepository(join(folder.path, "library"), { "a.txt": "library\n" });
    const model = makeRepository(join(folder.path, "model"), { "a.txt": "1\n" });
    git(
      model,
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      join(folder.path, "library"),
      "sub",
    );
    commitAll(model);
    makeRepository(join(model, "clone"), { "b.txt": "clone\n" });

    const tree = await read(model, { "sub/a.txt": "" }, { "clone/b.txt": "" });

    expect(shown(tree)).toEqual({
      clone: "160000 ",
      sub: `160000 ${git(join(model, "sub"), "rev-parse", "HEAD").trim()}`,
    });
  });

  test("does not wait at a pipe, but says that it is no file", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.txt": "1\n" });
    execFileSync("mkfifo", [join(folder.path, "pipe")]);

    const tree = await read(folder.path, { pipe: "" });

    expect(tree.problems).toMatchObject([{ path: "pipe", rule: "no-file" }]);
  });

  test("adds files that a missing one may have become, but neither ignored, nor foreign, nor very different ones", async () => {
    await using folder = await temporaryFolder();
    await using outside = await temporaryFolder();
    const text = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    writeFiles(outside.path, { "moved.txt": text });
    makeRepository(folder.path, {
      "moved/tracked.txt": text,
      "long.txt": text.repeat(99),
      ".gitignore": "*.log\n",
    });
    writeFiles(folder.path, { "untracked.txt": text, "ignored.log": text });
    symlinkSync(outside.path, join(folder.path, "away"));

    const tree = await read(folder.path, { "gone.txt": text });

    expect(Object.keys(shown(tree)).toSorted()).toEqual(["moved/tracked.txt", "untracked.txt"]);
  });

  test("reads nothing besides when every file of the base is there", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.txt": "one\n", "b.txt": "one\n" });

    expect(Object.keys(shown(await read(folder.path, { "a.txt": "one\n" })))).toEqual(["a.txt"]);
  });

  test("takes modes from the index where the file system keeps none", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "run.sh": "#!x\n", "a.txt": "1\n" });
    git(folder.path, "config", "core.fileMode", "false");
    chmodSync(join(folder.path, "run.sh"), 0o644);
    chmodSync(join(folder.path, "a.txt"), 0o755);
    writeFiles(folder.path, { "new.sh": "echo\n" });

    const tree = await read(folder.path, { "run.sh": "", "a.txt": "", "new.sh": "#!x\n" });

    expect([...tree.entries.values()].map(({ path, mode }) => `${path} ${mode}`).toSorted()).toEqual([
      "a.txt 100644",
      "new.sh 100755",
      "run.sh 100755",
    ]);
  });

  test("reads the files of a subfolder, a worktree, a submodule, a shallow clone and a separate git folder", async () => {
    await using folder = await temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const origin = makeRepository(at("origin"), { "models/iris/a.txt": "1\n" });
    git(origin, "worktree", "add", "--quiet", at("worktree"));
    git(folder.path, "clone", "--quiet", "--depth=1", `file://${origin}`, "shallow");
    git(folder.path, "clone", "--quiet", `--separate-git-dir=${at("separate.git")}`, origin, "separate");
    const parent = makeRepository(at("parent"), { "b.txt": "b\n" });
    git(parent, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, "sub");

    for (const place of ["origin", "worktree", "shallow", "separate", "parent/sub"]) {
      const tree = await read(join(at(place), "models/iris"), { "a.txt": "" });
      expect({ place, files: shown(tree), index: tree.index.map(({ path }) => path) }).toEqual({
        place,
        files: { "a.txt": "100644 1\n" },
        index: ["a.txt"],
      });
    }
  });

  test("changes no byte, in .git neither, though the times in the index are old", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.txt": "1\n" });
    utimesSync(join(folder.path, "a.txt"), 1, 1);
    const before = bytesOf(folder.path);

    await read(folder.path, { "a.txt": "1\n", "gone.txt": "2\n" });

    expect(bytesOf(folder.path)).toEqual(before);
  });
});

describe("openRepository", () => {
  beforeAll(isolateGit);

  test.each([
    { name: "a folder that does not exist", make: () => undefined },
    { name: "a folder in no repository", make: (path: string) => mkdirSync(path) },
    { name: "a bare repository", make: (path: string) => git("/", "init", "--quiet", "--bare", path) },
  ])("refuses $name", async ({ make }) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "here");
    make(path);

    await expect(openRepository(path)).rejects.toMatchObject({
      code: "EAC_UPDATE_NOT_A_REPOSITORY",
      exitCode: 6,
    });
  });

  test("keeps the state of two models of one repository apart, and that of two worktrees", async () => {
    await using folder = await temporaryFolder();
    const main = makeRepository(join(folder.path, "main"), { "one/a": "", "two/a": "" });
    git(main, "worktree", "add", "--quiet", join(folder.path, "other"));

    const folders = await Promise.all(
      ["main", "main/one", "main/two", "other", "other/one"].map(
        async (path) => (await openRepository(join(folder.path, path))).stateFolder,
      ),
    );

    expect(new Set(folders).size).toBe(5);
  });
});
