import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readHead } from "../../../../lib/git/read-index.ts";
import { checkPreconditions } from "../../../../lib/update/working-tree/check-preconditions.ts";
import { lockUpdate } from "../../../../lib/update/working-tree/lock.ts";
import { openRepository } from "../../../../lib/update/working-tree/model-repository.ts";
import { readWorkingTree } from "../../../../lib/update/working-tree/read-working-tree.ts";
import { abortUpdate } from "../../../../lib/update/working-tree/recover-update.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";
import {
  aConflict,
  aManifest,
  anUpdate,
  applyTo,
  aTree,
  git,
  indexOf,
  makeRepository,
  snapshot,
} from "../../../support/work-tree.ts";

const files = {
  "a.yml": "1  \n",
  "c.yml": "ours\n",
  "gone.txt": "gone\n",
  ".gitattributes": "*.yml filter=hostile\n",
};
const entries = [
  anUpdate("a.yml", "1  \n", "2  \t\n\n\n"),
  aConflict("c.yml", { base: "base\n", ours: "ours\n", theirs: "theirs\r\n", after: "<<<<<<<\r\n" }),
  anUpdate("gone.txt", "gone\n", undefined),
  anUpdate("new.yml", undefined, "new\r\n"),
];
const updated = {
  ".gitattributes": "644 *.yml filter=hostile\n",
  "a.yml": "644 2  \t\n\n\n",
  "c.yml": "644 <<<<<<<\r\n",
  "new.yml": "644 new\r\n",
};

/** Reads, checks, applies; then undoes it again. What is found in between is the answer. */
async function roundTrip(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const repository = await openRepository(folder);
  const tree = await readWorkingTree(repository, { base: aTree(files), others: [aTree({ "new.yml": "" })] });
  await checkPreconditions({
    repository,
    tree,
    head: await readHead(folder),
    manifest: aManifest(),
    paths: Object.keys(files),
  });
  const before = { files: snapshot(folder), index: indexOf(folder) };
  await applyTo(folder, entries);
  const found = {
    files: snapshot(folder),
    theirs: git(folder, "cat-file", "blob", ":3:./c.yml"),
    unmerged: unmergedOf(folder),
  };
  {
    await using lock = await lockUpdate(repository);
    await abortUpdate(lock);
  }
  expect({ files: snapshot(folder), index: indexOf(folder) }).toEqual(before);
  return found;
}

function unmergedOf(folder: string): readonly string[] {
  const lines = git(folder, "ls-files", "--unmerged").split("\n");
  return [...new Set(lines.filter((line) => line !== "").map((line) => line.slice(line.indexOf("\t") + 1)))];
}

const expected = { files: updated, theirs: "theirs\r\n", unmerged: ["c.yml"] };

let place: TemporaryFolder;
const at = (...names: string[]): string => join(place.path, ...names);

beforeAll(async () => {
  isolateGit();
  place = await temporaryFolder();
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

describe("wherever the model repository is", () => {
  beforeAll(() => {
    makeRepository(at("origin"), files);
    makeRepository(at("large"), { "README.md": "large\n", ...below("models/iris", files) });
  });

  test.each([
    {
      name: "a worktree",
      make: () => git(at("origin"), "worktree", "add", "--quiet", "-b", "other", at("made", "a worktree")),
    },
    {
      name: "a shallow clone",
      make: () =>
        git("/", "clone", "--quiet", "--depth=1", `file://${at("origin")}`, at("made", "a shallow clone")),
    },
    {
      name: "a clone without blobs",
      make: () =>
        git(
          "/",
          "-c",
          "uploadpack.allowFilter=true",
          "clone",
          "--quiet",
          "--filter=blob:none",
          `file://${at("origin")}`,
          at("made", "a clone without blobs"),
        ),
    },
    {
      name: "a clone with a separate git folder",
      make: () =>
        git(
          "/",
          "clone",
          "--quiet",
          `--separate-git-dir=${at("separate.git")}`,
          at("origin"),
          at("made", "a clone with a separate git folder"),
        ),
    },
    { name: "a submodule", make: () => submodule(), path: "parent/sub" },
    {
      name: "a folder of a larger repository",
      make: () => git("/", "clone", "--quiet", at("large"), at("made", "large")),
      path: "large/models/iris",
    },
    { name: "a folder of a sparse worktree", make: () => sparse(), path: "sparse/models/iris" },
    {
      name: "a repository with a detached head",
      make: () =>
        git("/", "clone", "--quiet", "--no-checkout", at("origin"), at("made", "detached")) +
        git(at("made", "detached"), "checkout", "--quiet", "--detach", "HEAD"),
      path: "detached",
    },
    {
      name: "a folder with a strange name",
      make: () => git("/", "clone", "--quiet", at("origin"), at("made", "-a 'strange' $(name) \u00e9")),
      path: "-a 'strange' $(name) \u00e9",
    },
  ])("an update works and can be undone: $name", async ({ name, make, path = name }) => {
    mkdirSync(at("made"), { recursive: true });
    make();

    expect(await roundTrip(at("made", path))).toEqual(expected);
  });
});

describe("whatever git is told to do", () => {
  test("the bytes are those of the plan, and no hook, filter, monitor or alias runs", async () => {
    makeRepository(at("hostile"), files);
    age(at("hostile"));
    springTraps(at("hostile"));

    const found = await roundTrip(at("hostile"));

    expect(found).toEqual(expected);
    expect(sprung()).toEqual("");
  });

  test("the variables of a person's git session do not lead it elsewhere", async () => {
    makeRepository(at("own"), files);
    const other = makeRepository(at("other"), { "a.yml": "other\n" });
    const before = [snapshot(other), indexOf(other)];
    const misleading = {
      GIT_DIR: join(other, ".git"),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, ".git", "index"),
      GIT_OBJECT_DIRECTORY: join(other, ".git", "objects"),
      GIT_PREFIX: "x/",
      GIT_EXTERNAL_DIFF: "false",
      GIT_PAGER: "false",
      GIT_ICASE_PATHSPECS: "1",
    };
    const repository = await withVariables(misleading, () => openRepository(at("own")));

    await withVariables(misleading, () => applyTo(at("own"), entries));

    expect(repository.folder).toBe(at("own"));
    expect(snapshot(at("own"))).toEqual(updated);
    expect(unmergedOf(at("own"))).toEqual(["c.yml"]);
    expect([snapshot(other), indexOf(other)]).toEqual(before);
  });
});

/** Files as old as the index would make git look into them, through their filters, whenever it writes the index. */
function age(folder: string): void {
  const before = new Date(Date.now() - 60_000);
  for (const path of Object.keys(files)) utimesSync(join(folder, path), before, before);
  git(folder, "update-index", "--refresh");
}

async function withVariables<Result>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<Result>,
): Promise<Result> {
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

function below(folder: string, content: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(content).map(([path, text]) => [`${folder}/${path}`, text]));
}

function submodule(): void {
  makeRepository(at("made", "parent"), { "b.txt": "b\n" });
  const add = ["submodule", "--quiet", "add", at("origin"), "sub"];
  git(at("made", "parent"), "-c", "protocol.file.allow=always", ...add);
}

function sparse(): void {
  git("/", "clone", "--quiet", "--sparse", at("large"), at("made", "sparse"));
  git(at("made", "sparse"), "sparse-checkout", "set", "--sparse-index", "models/iris");
}

/** Leaves a mark when git runs it, and refuses. */
function trap(name: string): string {
  const path = at("traps", name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> '${at("sprung")}'\nexit 1\n`);
  chmodSync(path, 0o755);
  return path;
}

function springTraps(folder: string): void {
  mkdirSync(at("traps", "hooks"), { recursive: true });
  for (const hook of [
    "post-index-change",
    "pre-commit",
    "post-checkout",
    "post-rewrite",
    "reference-transaction",
    "fsmonitor-watchman",
  ]) {
    trap(`hooks/${hook}`);
  }
  const settings = {
    "core.hooksPath": at("traps", "hooks"),
    "core.fsmonitor": trap("fsmonitor"),
    "core.pager": trap("pager"),
    "core.editor": trap("editor"),
    "diff.external": trap("diff"),
    "diff.ignoreSubmodules": "all",
    "filter.hostile.smudge": trap("smudge"),
    "filter.hostile.clean": trap("clean"),
    "filter.hostile.required": "true",
    "apply.whitespace": "error",
    "core.whitespace": "trailing-space,cr-at-eol",
    "core.autocrlf": "true",
    "core.eol": "crlf",
    "core.safecrlf": "true",
    "core.quotePath": "true",
    "core.untrackedCache": "true",
    "core.splitIndex": "true",
    "core.preloadIndex": "true",
    "core.ignoreCase": "true",
    "core.precomposeUnicode": "true",
    "core.sharedRepository": "group",
    "core.logAllRefUpdates": "always",
    "feature.manyFiles": "true",
    "index.version": "4",
    "status.showUntrackedFiles": "no",
    "status.relativePaths": "false",
    "color.ui": "always",
    "column.ui": "always",
    "merge.conflictStyle": "merge",
    "merge.renames": "false",
    "commit.gpgSign": "true",
    "gpg.program": trap("gpg"),
    "log.showSignature": "true",
    "alias.ls-files": `!${trap("alias")}`,
    "alias.update-index": `!${trap("alias")}`,
    "core.attributesFile": at("attributes"),
  };
  writeFileSync(
    at("attributes"),
    "* text=auto eol=crlf working-tree-encoding=UTF-16 ident\n*.txt -diff binary merge=ours\n",
  );
  for (const [key, value] of Object.entries(settings)) git(folder, "config", key, value);
}

/** What the traps say when one was run. */
function sprung(): string {
  return existsSync(at("sprung")) ? readFileSync(at("sprung"), "utf8") : "";
}
