import { execFileSync } from "node:child_process";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { EacError, type Problem } from "../../../../lib/errors/eac-error.ts";
import { readHead } from "../../../../lib/git/read-index.ts";
import { checkPreconditions } from "../../../../lib/update/working-tree/check-preconditions.ts";
import { openRepository } from "../../../../lib/update/working-tree/model-repository.ts";
import { readWorkingTree } from "../../../../lib/update/working-tree/read-working-tree.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import {
  aConflict,
  aManifest,
  aTree,
  applyTo,
  bytesOf,
  commitAll,
  git,
  makeRepository,
  writeFiles,
} from "../../../support/work-tree.ts";

const marked = "<<<<<<< ours (repository)\nmine\n=======\ntheirs\n>>>>>>> template (eac-model 1.2.0)\n";

/** What is wrong for an update of these paths, as `path: rule`. */
async function problemsOf(
  folder: string,
  paths: readonly string[],
  unresolved: readonly string[] = [],
): Promise<readonly string[]> {
  const repository = await openRepository(folder);
  const base = aTree(Object.fromEntries(paths.map((path) => [path, ""])));
  const tree = await readWorkingTree(repository, { base, others: [] });
  const problems = await checkPreconditions({
    repository,
    tree,
    head: await readHead(folder),
    manifest: aManifest(unresolved),
    paths,
  }).then(
    (): readonly Problem[] => [],
    (error: unknown) => {
      expect(error).toMatchObject({ code: "EAC_UPDATE_NOT_READY", exitCode: 6 });
      return error instanceof EacError ? error.problems : [];
    },
  );
  return problems.map(({ path, rule }) => `${path}: ${rule}`);
}

describe("checkPreconditions", () => {
  beforeAll(isolateGit);

  test("is content with committed files, whatever the team does beside them", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", "own.txt": "own\n", ".gitignore": "ignored.yml\n" });
    writeFiles(folder.path, { "new.yml": "untracked\n", "ignored.yml": "ignored\n" });
    writeFileSync(join(folder.path, "own.txt"), "work in progress\n");

    expect(await problemsOf(folder.path, ["a.yml", "new.yml", "ignored.yml", "absent.yml"])).toEqual([]);
  });

  test("lists at once everything that is not committed", async () => {
    await using folder = await temporaryFolder();
    const names = ["changed", "staged", "deleted", "untracked-now", "mode", "kind", "ok"];
    makeRepository(folder.path, Object.fromEntries(names.map((name) => [name, `${name}\n`])));
    writeFileSync(join(folder.path, "changed"), "CHANGED\n");
    writeFileSync(join(folder.path, "staged"), "x\n");
    git(folder.path, "add", "staged");
    writeFileSync(join(folder.path, "staged"), "staged\n");
    writeFiles(folder.path, { added: "1\n" });
    git(folder.path, "add", "added");
    rmSync(join(folder.path, "deleted"));
    git(folder.path, "rm", "--quiet", "--cached", "untracked-now");
    execFileSync("chmod", ["+x", join(folder.path, "mode")]);
    rmSync(join(folder.path, "kind"));
    writeFiles(folder.path, { kind: "-> ok" });

    expect(await problemsOf(folder.path, [...names, "added"])).toEqual([
      "added: staged",
      "changed: changed",
      "deleted: deleted",
      "kind: changed",
      "mode: changed",
      "staged: staged",
      "untracked-now: staged",
    ]);
  });

  test("is not deceived by flags of the index, equal times and lengths, or a sparse checkout", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, {
      assumed: "1\n",
      skipped: "1\n",
      racy: "1\n",
      "out/left.yml": "1\n",
      "in/a.yml": "1\n",
    });
    git(folder.path, "update-index", "--assume-unchanged", "assumed");
    git(folder.path, "update-index", "--skip-worktree", "skipped", "out/left.yml");
    for (const name of ["assumed", "skipped", "racy"]) writeFileSync(join(folder.path, name), "2\n");
    for (const name of ["racy"]) utimesSync(join(folder.path, name), 1, 1);
    rmSync(join(folder.path, "out"), { recursive: true });

    expect(await problemsOf(folder.path, ["assumed", "skipped", "racy", "out/left.yml", "in/a.yml"])).toEqual(
      ["assumed: changed", "out/left.yml: sparse", "racy: changed", "skipped: changed"],
    );
  });

  test("takes a file with other line ends or through a filter as git would add it", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n2\n", "b.up": "b\n", ".gitattributes": "*.up filter=up\n" });
    git(folder.path, "config", "core.autocrlf", "true");
    git(folder.path, "config", "filter.up.clean", "tr A-Z a-z");
    writeFileSync(join(folder.path, "a.yml"), "1\r\n2\r\n");
    writeFileSync(join(folder.path, "b.up"), "B\n");

    expect(await problemsOf(folder.path, ["a.yml", "b.up"])).toEqual([]);
    writeFileSync(join(folder.path, "a.yml"), "1\r\n3\r\n");
    expect(await problemsOf(folder.path, ["a.yml"])).toEqual(["a.yml: changed"]);
    git(folder.path, "config", "filter.up.clean", "exit 1");
    git(folder.path, "config", "filter.up.required", "true");
    expect(await problemsOf(folder.path, ["b.up"])).toEqual(["b.up: changed"]);
  });

  test("trusts only the index for modes where the file system keeps none", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "run.sh": "echo\n" });
    git(folder.path, "config", "core.fileMode", "false");
    execFileSync("chmod", ["+x", join(folder.path, "run.sh")]);

    expect(await problemsOf(folder.path, ["run.sh"])).toEqual([]);
  });

  test("takes everything as not committed before the first commit", async () => {
    await using folder = await temporaryFolder();
    git(folder.path, "init", "--quiet");
    writeFiles(folder.path, { "a.yml": "1\n" });
    git(folder.path, "add", "a.yml");

    expect(await problemsOf(folder.path, ["a.yml"])).toEqual(["a.yml: staged"]);
  });

  test("refuses while conflicts are unmerged, and when their markers were committed or the copy beside is left", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, {
      "a.yml": "mine\n",
      "utf16.txt": "mine\n",
      "doc.md": `Like this:\n\n${marked}`.replaceAll("\n", "\n    "),
    });
    const paths = ["a.yml", "utf16.txt", "doc.md"];
    await applyTo(folder.path, [
      aConflict("a.yml", { base: "b\n", ours: "mine\n", theirs: "t\n", after: marked, sidecar: "t\n" }),
    ]);
    const unresolved = ["a.yml", "a.yml.eac-new", "utf16.txt", "doc.md"];

    expect(await problemsOf(folder.path, paths, unresolved)).toEqual([
      "a.yml: unmerged",
      "a.yml.eac-new: conflict-left",
    ]);

    writeFileSync(join(folder.path, "utf16.txt"), Buffer.from(`\ufeff${marked}`, "utf16le"));
    commitAll(folder.path);
    expect(await problemsOf(folder.path, paths, unresolved)).toEqual([
      "a.yml: conflict-left",
      "a.yml.eac-new: conflict-left",
      "utf16.txt: conflict-left",
    ]);

    for (const name of ["a.yml", "utf16.txt"]) writeFileSync(join(folder.path, name), "resolved\n");
    rmSync(join(folder.path, "a.yml.eac-new"));
    commitAll(folder.path);
    expect(await problemsOf(folder.path, paths, unresolved)).toEqual([]);
  });

  test("refuses what is no file", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, {});
    execFileSync("mkfifo", [join(folder.path, "pipe.yml")]);

    expect(await problemsOf(folder.path, ["pipe.yml"])).toEqual(["pipe.yml: no-file"]);
  });

  test("changes no byte, in .git neither", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", "b.yml": "1\n" });
    utimesSync(join(folder.path, "a.yml"), 1, 1);
    writeFileSync(join(folder.path, "b.yml"), "2\n");
    const before = bytesOf(folder.path);

    await problemsOf(folder.path, ["a.yml", "b.yml"]);

    expect(bytesOf(folder.path)).toEqual(before);
  });

  test("is about the model alone in a larger repository", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "1\n", "models/iris/a.yml": "1\n" });
    writeFileSync(join(folder.path, "a.yml"), "2\n");

    expect(await problemsOf(join(folder.path, "models/iris"), ["a.yml"])).toEqual([]);
  });

  test("takes a file with other line ends as git would add it in a larger repository, too", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "a.yml": "2\n", "models/iris/a.yml": "1\n" });
    git(folder.path, "config", "core.autocrlf", "true");
    const model = join(folder.path, "models/iris");
    writeFileSync(join(model, "a.yml"), "1\r\n");

    expect(await problemsOf(model, ["a.yml"])).toEqual([]);
    writeFileSync(join(model, "a.yml"), "2\r\n");
    expect(await problemsOf(model, ["a.yml"])).toEqual(["a.yml: changed"]);
  });
});
