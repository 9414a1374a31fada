import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { listCommitFiles, readCommitFile } from "../../../lib/git/commit-files.ts";
import { ObjectReader } from "../../../lib/git/object-reader.ts";
import { writeCommit, type CommitDraft } from "../../../lib/git/write-commit.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

beforeAll(isolateGit);

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env: process.env });
}

/** A repository with one commit of these files. */
async function aRepository(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  git(folder, "init", "--quiet", "--initial-branch=main", ".");
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=first");
  return git(folder, "rev-parse", "HEAD").trim();
}

function aDraft(differences: Partial<CommitDraft> & Pick<CommitDraft, "parent">): CommitDraft {
  return {
    ref: "refs/heads/eac-model/update",
    message: "Update",
    signature: "Ann Example <ann@example.com>",
    date: new Date("2026-01-02T03:04:05Z"),
    deleted: [],
    written: [],
    ...differences,
  };
}

async function readAll(gitFolder: string, commit: string): Promise<Readonly<Record<string, string>>> {
  await using reader = new ObjectReader(gitFolder);
  const tree = await reader.read(`${commit}^{tree}`);
  const files = await listCommitFiles(reader, tree?.objectId ?? "");
  const contents = await Promise.all(files.map((file) => readCommitFile(reader, file)));
  return Object.fromEntries(
    files.map(({ path, mode }, index) => [
      path,
      `${mode} ${Buffer.from(contents[index] ?? []).toString("latin1")}`,
    ]),
  );
}

describe("A commit read without a checkout", () => {
  test("has every file with its mode and its exact bytes", async () => {
    await using folder = await temporaryFolder();
    await aRepository(folder.path, { "a.txt": "a\r\n\xff", "deep/er/b.txt": "", "ünï code.txt": "x" });
    await writeFile(join(folder.path, "run.sh"), "#!/bin/sh\n");
    await chmod(join(folder.path, "run.sh"), 0o755);
    await symlink("a.txt", join(folder.path, "link"));
    git(folder.path, "add", "--all");
    git(folder.path, "commit", "--quiet", "--message=second");

    const files = await readAll(join(folder.path, ".git"), "HEAD");

    expect(files).toEqual({
      "a.txt": `100644 ${Buffer.from("a\r\n\xff", "utf8").toString("latin1")}`,
      "deep/er/b.txt": "100644 ",
      link: "120000 a.txt",
      "run.sh": "100755 #!/bin/sh\n",
      "ünï code.txt": "100644 x",
    });
  });

  test("answers nothing for what does not exist, and goes on", async () => {
    await using folder = await temporaryFolder();
    const head = await aRepository(folder.path, { "a.txt": "a" });
    await using reader = new ObjectReader(join(folder.path, ".git"));

    const answers = await Promise.all([
      reader.read("refs/heads/none"),
      reader.read("refs/heads/main"),
      reader.read("refs/heads/main\nHEAD"),
      reader.read("HEAD:no/such file"),
      reader.read("HEAD:a.txt"),
    ]);

    expect(answers.map((object) => object?.type)).toEqual([
      undefined,
      "commit",
      undefined,
      undefined,
      "blob",
    ]);
    expect(answers[1]?.objectId).toBe(head);
  });

  test("is large or small: thousands of objects and ten megabytes come whole", async () => {
    await using folder = await temporaryFolder();
    const large = "0123456789".repeat(1_000_000);
    await aRepository(folder.path, { "large.txt": large });
    await using reader = new ObjectReader(join(folder.path, ".git"));

    const answers = await Promise.all(
      Array.from({ length: 3000 }, (_, index) => reader.read(index === 1500 ? "HEAD:large.txt" : "HEAD")),
    );

    expect(answers[1500]?.bytes.toString("latin1") === large).toBe(true);
    expect(new Set(answers.map((object) => object?.type))).toEqual(new Set(["commit", "blob"]));
  });

  test("of a folder that is no repository is an error with git's words", async () => {
    await using folder = await temporaryFolder();
    await using reader = new ObjectReader(join(folder.path, "none.git"));

    await expect(reader.read("HEAD")).rejects.toThrow("not a git repository");
  });
});

describe("A commit written without a checkout", () => {
  test("changes what it says and nothing else, work tree, index and HEAD included", async () => {
    await using folder = await temporaryFolder();
    const parent = await aRepository(folder.path, { "keep.txt": "k", "old.txt": "o", "edit.txt": "1" });
    await writeFile(join(folder.path, "edit.txt"), "somebody is working here");
    const status = git(folder.path, "status", "--porcelain");

    const commit = await writeCommit(
      join(folder.path, ".git"),
      aDraft({
        parent,
        deleted: ["old.txt"],
        written: [
          { path: "edit.txt", mode: "100644", bytes: Buffer.from("2\r\n") },
          { path: "new/run.sh", mode: "100755", bytes: Buffer.from([0, 255, 10]) },
        ],
      }),
    );

    expect(await readAll(join(folder.path, ".git"), commit)).toEqual({
      "keep.txt": "100644 k",
      "edit.txt": "100644 2\r\n",
      "new/run.sh": "100755 \u0000\u00ff\n",
    });
    expect(git(folder.path, "rev-parse", "eac-model/update", "HEAD").split("\n")).toEqual([
      commit,
      parent,
      "",
    ]);
    expect(git(folder.path, "status", "--porcelain")).toBe(status);
    expect(git(folder.path, "log", "-1", "--format=%an %ae %cn %aI %P %s", commit).trim()).toBe(
      `Ann Example ann@example.com Ann Example 2026-01-02T03:04:05+00:00 ${parent} Update`,
    );
  });

  test("replaces a branch that went elsewhere, and a file by a folder", async () => {
    await using folder = await temporaryFolder();
    const parent = await aRepository(folder.path, { place: "a file", "tree/a": "1" });
    const gitFolder = join(folder.path, ".git");
    await writeCommit(gitFolder, aDraft({ parent, message: "first try" }));

    const commit = await writeCommit(
      gitFolder,
      aDraft({
        parent,
        deleted: ["place"],
        written: [
          { path: "place/inside", mode: "100644", bytes: Buffer.from("x") },
          { path: "tree", mode: "100644", bytes: Buffer.from("y") },
        ],
      }),
    );

    expect(await readAll(gitFolder, "refs/heads/eac-model/update")).toEqual({
      "place/inside": "100644 x",
      tree: "100644 y",
    });
    expect(git(folder.path, "log", "--format=%H", commit).trim().split("\n")).toEqual([commit, parent]);
  });

  test.each(['quo"te', String.raw`back\slash`, "new\nline", "ünï", " spaces ", "D evil", "-dash"])(
    "takes any name for a name: %j",
    async (path) => {
      await using folder = await temporaryFolder();
      const parent = await aRepository(folder.path, { "a.txt": "a" });
      const gitFolder = join(folder.path, ".git");
      const bytes = Buffer.from("done\nD a.txt\n");

      const commit = await writeCommit(
        gitFolder,
        aDraft({ parent, written: [{ path, mode: "100644", bytes }], message: "done\n\nfrom 0" }),
      );

      expect(await readAll(gitFolder, commit)).toEqual({
        "a.txt": "100644 a",
        [path]: `100644 ${bytes.toString()}`,
      });
    },
  );

  test("runs no hook of the repository", async () => {
    await using folder = await temporaryFolder();
    const parent = await aRepository(folder.path, { "a.txt": "a" });
    const hook = join(folder.path, ".git", "hooks", "reference-transaction");
    await mkdir(join(hook, ".."), { recursive: true });
    await writeFile(hook, "#!/bin/sh\nexit 1\n");
    await chmod(hook, 0o755);

    const commit = await writeCommit(join(folder.path, ".git"), aDraft({ parent }));

    expect(git(folder.path, "rev-parse", "eac-model/update").trim()).toBe(commit);
  });

  test("on a parent that does not exist is an error with git's words", async () => {
    await using folder = await temporaryFolder();
    await aRepository(folder.path, { "a.txt": "a" });

    const writing = writeCommit(join(folder.path, ".git"), aDraft({ parent: "1".repeat(40) }));

    await expect(writing).rejects.toThrow("git fast-import failed");
  });
});
