import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { commitAll, initRepository } from "../../../lib/git/create-repository.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { git, writeFiles } from "../../support/work-tree.ts";

describe("the first commit of a repository", () => {
  beforeAll(isolateGit);

  test("holds every file, empty and ignored ones too, as the attributes want them", async () => {
    await using folder = await temporaryFolder();
    const files = {
      ".gitattributes": "*.txt text eol=lf\n",
      ".gitignore": "ignored.txt\n",
      "empty.py": "",
      "ignored.txt": "kept\n",
      "src/lines.txt": "one\r\ntwo\r\n",
      "src/run.sh": "#!x\n",
    };
    writeFiles(folder.path, files);
    await initRepository(folder.path, "main");

    await commitAll(folder.path, "Create");

    expect(git(folder.path, "ls-files").trim().split("\n")).toEqual(Object.keys(files));
    expect(git(folder.path, "cat-file", "blob", "HEAD:src/lines.txt")).toBe("one\ntwo\n");
    expect(git(folder.path, "status", "--porcelain")).toBe("");
    expect(git(folder.path, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  test("keeps its files in one pack: a file for each takes git three times as long", async () => {
    await using folder = await temporaryFolder();
    writeFiles(
      folder.path,
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.txt`, `${index}\n`])),
    );
    await initRepository(folder.path, "main");

    await commitAll(folder.path, "Create");

    const packs = readdirSync(join(folder.path, ".git", "objects", "pack"));
    expect(packs.filter((name) => name.endsWith(".pack"))).toHaveLength(1);
    expect(git(folder.path, "count-objects").startsWith("2 objects")).toBe(true);
  });
});
