import { beforeAll, describe, expect, test } from "@jest/globals";
import { readIndexSince, readIndexSnapshot } from "../../../../lib/update/working-tree/index-snapshot.ts";
import { openRepository } from "../../../../lib/update/working-tree/model-repository.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { git, makeRepository, writeFiles } from "../../../support/work-tree.ts";

describe("the index that an update was planned with", () => {
  beforeAll(isolateGit);

  test("is not read again while git writes nothing", async () => {
    await using folder = await temporaryFolder();
    const repository = await openRepository(makeRepository(folder.path, { "a.txt": "1\n" }));
    const known = await readIndexSnapshot(repository);

    const again = await readIndexSince(repository, known);

    expect(again).toBe(known.index);
    expect(again.map(({ path }) => path)).toEqual(["a.txt"]);
  });

  test("is read again when something was staged meanwhile, however little", async () => {
    await using folder = await temporaryFolder();
    const repository = await openRepository(makeRepository(folder.path, { "a.txt": "1\n" }));
    const known = await readIndexSnapshot(repository);
    writeFiles(folder.path, { "a.txt": "2\n" });
    git(folder.path, "add", "a.txt");

    const again = await readIndexSince(repository, known);

    expect(again).toHaveLength(1);
    expect(again[0]?.objectId).not.toBe(known.index[0]?.objectId);
  });

  test("is empty before git has one", async () => {
    await using folder = await temporaryFolder();
    git(folder.path, "init", "--quiet");
    const repository = await openRepository(folder.path);
    const known = await readIndexSnapshot(repository);
    writeFiles(folder.path, { "a.txt": "1\n" });
    git(folder.path, "add", "a.txt");

    expect(known.index).toEqual([]);
    expect(await readIndexSince(repository, known)).toHaveLength(1);
  });

  test("is that of the work tree that was asked about", async () => {
    await using folder = await temporaryFolder();
    const main = makeRepository(`${folder.path}/main`, { "a.txt": "1\n" });
    git(main, "worktree", "add", "--quiet", `${folder.path}/other`);
    const repository = await openRepository(`${folder.path}/other`);
    const known = await readIndexSnapshot(repository);
    git(main, "rm", "--quiet", "a.txt");

    expect(await readIndexSince(repository, known)).toBe(known.index);
  });
});
