import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { EacError } from "../../../../lib/errors/eac-error.ts";
import type { TreeEntry, UpdateEntry } from "../../../../lib/update/update-plan.ts";
import { applyUpdate, type Update } from "../../../../lib/update/working-tree/apply-update.ts";
import { checkedChanges } from "../../../../lib/update/working-tree/checked-changes.ts";
import { lockUpdate, type UpdateLock } from "../../../../lib/update/working-tree/lock.ts";
import {
  openRepository,
  type ModelRepository,
} from "../../../../lib/update/working-tree/model-repository.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";
import {
  anUpdate,
  applyTo,
  aConflict,
  bytesOf,
  git,
  makeRepository,
  snapshot,
} from "../../../support/work-tree.ts";

/** A repository full of ways out of it, beside a folder that nothing may touch. */
async function aTrap(folder: string): Promise<ModelRepository> {
  const outside = join(folder, "outside");
  mkdirSync(join(outside, "below"), { recursive: true });
  writeFileSync(join(outside, "secret"), "secret\n");
  const root = makeRepository(join(folder, "root"), { "a.txt": "a\n", "src/b.txt": "b\n" });
  makeRepository(join(root, "nested"), { "c.txt": "c\n" });
  for (const [name, target] of [
    ["away", outside],
    ["src/up", "../.."],
    ["file", join(outside, "secret")],
    ["broken", join(outside, "new")],
    ["git", ".git"],
    ["loop", "loop"],
  ] as const) {
    symlinkSync(target, join(root, name));
  }
  return await openRepository(root);
}

const attacks = [
  "../outside/secret",
  "../new",
  "/etc/eac-model-attack",
  "a/../../outside/secret",
  "src/../../x",
  ".",
  "..",
  "",
  "./x",
  "src//x",
  "src/",
  "..\\outside\\secret",
  "C:\\x",
  "C:/x",
  "\\\\server\\share",
  "a\0b",
  "a\nb",
  ".git/config",
  ".git/hooks/post-checkout",
  ".GIT/config",
  ".Git",
  "git~1/config",
  ".git /config",
  ".git./config",
  ".git::$INDEX_ALLOCATION/config",
  ".g\u200cit/config",
  "nested/.git/config",
  "away/secret",
  "away/new",
  "away/below/new",
  "src/up/outside/secret",
  "src/up/outside/new",
  "broken/new",
  "git/config",
  "git/hooks/post-checkout",
  "loop/new",
  "file/new",
  "nested/c.txt",
  "nested/new",
  "a.txt/new",
  "NUL",
  "src/con.txt",
  "x.",
  "x ",
];

describe("a path that leads out of the repository", () => {
  beforeAll(isolateGit);

  let shared: TemporaryFolder;
  let lock: UpdateLock;
  let before: unknown;

  beforeAll(async () => {
    shared = await temporaryFolder();
    lock = await lockUpdate(await aTrap(shared.path));
    before = bytesOf(shared.path);
  });

  afterAll(async () => {
    await lock[Symbol.asyncDispose]();
    await shared[Symbol.asyncDispose]();
  });

  test.each(attacks)("%j is refused and nothing is touched, whoever names it", async (path) => {
    const file = { path, mode: "100644", bytes: Buffer.from("attack\n") } as const;
    const moved = { ...anUpdate("a.txt", "a\n", "a\n"), path: "fresh.txt", movedFrom: path };
    const beside = aConflict("a.txt", { ours: "a\n", after: "a\n", sidecar: "x\n" });
    const updates: readonly Update[] = [
      { plan: { entries: [anUpdate(path, undefined, "attack\n")] }, stateFiles: [] },
      { plan: { entries: [anUpdate(path, "secret\n", undefined)] }, stateFiles: [] },
      { plan: { entries: [moved] }, stateFiles: [] },
      { plan: { entries: [withSidecar(beside, file)] }, stateFiles: [] },
      { plan: { entries: [] }, stateFiles: [file] },
    ];

    for (const update of updates) {
      await expect(applyUpdate(lock, update)).rejects.toMatchObject({
        code: "EAC_UPDATE_UNSAFE_PATH",
        exitCode: 6,
      });
    }

    expect(bytesOf(shared.path)).toEqual(before);
  });

  test("that is a link at its end is replaced, never followed", async () => {
    await using folder = await temporaryFolder();
    const { folder: root } = await aTrap(folder.path);
    const outside = snapshot(join(folder.path, "outside"));

    await applyTo(root, [
      anUpdate("file", `-> ${join(folder.path, "outside", "secret")}`, "plain\n"),
      anUpdate("away", `-> ${join(folder.path, "outside")}`, undefined),
      anUpdate("away/now/x.txt", undefined, "inside\n"),
    ]);

    expect(lstatSync(join(root, "file")).isFile()).toBe(true);
    expect(readFileSync(join(root, "away/now/x.txt"), "utf8")).toBe("inside\n");
    expect(snapshot(join(folder.path, "outside"))).toEqual(outside);
  });

  test("never gets through, whatever it is made of", async () => {
    await using folder = await temporaryFolder();
    const repository = await aTrap(folder.path);
    const inside = realpathSync(repository.folder) + sep;
    const piece = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        ".git",
        ".GIT",
        "git",
        "away",
        "src",
        "up",
        "file",
        "broken",
        "loop",
        "nested",
        "a.txt",
      ),
      fc.constantFrom(
        "outside",
        "secret",
        "NUL",
        "c:",
        "e\u0301",
        "\u00e9",
        "A.TXT",
        " ",
        "~",
        "-rf",
        "\u0130",
        "\ud800",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    const path = fc
      .tuple(
        fc.constantFrom("", "/", "\\", "./", "../", "~/", "//"),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.constantFrom("/", "\\", "//"),
      )
      .map(([start, pieces, separator]) => start + pieces.join(separator));

    fc.assert(
      fc.property(path, (tried) => {
        const accepted = isAccepted(repository, tried);
        if (!accepted) return;
        const real = realParent(join(repository.folder, tried));
        expect(`${real}${sep}`.startsWith(inside)).toBe(true);
        expect(real.toLowerCase()).not.toContain(`${sep}.git`);
        expect(real.split(sep)).not.toContain("nested");
      }),
      { numRuns: 1000 },
    );
  });
});

describe("names that look alike", () => {
  beforeAll(isolateGit);

  test("are different files where the disk says so: twins in case and composition, dashes, patterns", async () => {
    await using folder = await temporaryFolder();
    makeRepository(folder.path, { "Read.me": "1\n" });
    const names = [
      "read.me",
      "-rf",
      "[ab].yml",
      "caf\u00e9",
      "cafe\u0301",
      "a b",
      "#x",
      "'$(id)`",
      "!x",
      "^x",
    ];

    await applyTo(
      folder.path,
      names.map((name) => aConflict(name, { theirs: `${name}\n`, after: `${name}\n` })),
    );

    const unmerged = git(folder.path, "-c", "core.quotePath=false", "ls-files", "--unmerged", "-z");
    expect(
      unmerged
        .split("\0")
        .filter(Boolean)
        .map((line) => line.slice(line.indexOf("\t") + 1))
        .toSorted(),
    ).toEqual(names.toSorted());
    expect(readdirSync(folder.path).toSorted()).toEqual([".git", "Read.me", ...names].toSorted());
  });
});

function withSidecar(entry: UpdateEntry, sidecar: TreeEntry): UpdateEntry {
  if (entry.conflict === undefined) throw new Error("A copy without a conflict.");
  return { ...entry, conflict: { ...entry.conflict, sidecar } };
}

function isAccepted(repository: ModelRepository, path: string): boolean {
  try {
    checkedChanges(repository, { plan: { entries: [anUpdate(path, undefined, "x\n")] }, stateFiles: [] });
    return true;
  } catch (error) {
    if (error instanceof EacError && error.code === "EAC_UPDATE_UNSAFE_PATH") return false;
    if (error instanceof EacError && error.code === "EAC_UPDATE_CHANGED_MEANWHILE") return true;
    throw error;
  }
}

/** The real place of the nearest folder above a path that exists. */
function realParent(path: string): string {
  let parent = dirname(path);
  while (!existsSync(parent)) parent = dirname(parent);
  return realpathSync(parent);
}
