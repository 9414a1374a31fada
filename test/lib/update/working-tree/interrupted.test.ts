import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { realDisk, type Disk } from "../../../../lib/update/working-tree/disk.ts";
import { lockUpdate } from "../../../../lib/update/working-tree/lock.ts";
import { openRepository } from "../../../../lib/update/working-tree/model-repository.ts";
import {
  abortUpdate,
  recoverUpdate,
  refuseUnfinished,
  type Recovery,
  type UndoneUpdate,
} from "../../../../lib/update/working-tree/recover-update.ts";
import type { UpdateEntry } from "../../../../lib/update/update-plan.ts";
import { failingDisk, takesRoom, type Fault } from "../../../support/failing-disk.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";
import {
  aConflict,
  anUpdate,
  applyTo,
  bytesOf,
  commitAll,
  git,
  indexOf,
  makeRepository,
  snapshot,
} from "../../../support/work-tree.ts";

const files = {
  "a.yml": "1\n",
  "c.yml": "ours\n",
  "gone/deep/old.py": "old\n",
  swap: "a file\n",
  link: "-> a.yml",
  ".eac-model/manifest.json": "1.0.0",
};

const entries: readonly UpdateEntry[] = [
  anUpdate("a.yml", "1\n", "2\n"),
  aConflict("c.yml", {
    base: "base\n",
    ours: "ours\n",
    theirs: "theirs\n",
    after: "<<<<<<<\n",
    sidecar: "t\n",
  }),
  anUpdate("gone/deep/old.py", "old\n", undefined),
  anUpdate("new/deep/run.sh", undefined, "#!x\n"),
  anUpdate("swap", "a file\n", undefined),
  anUpdate("swap/now/b.txt", undefined, "in a folder\n"),
  anUpdate("link", "-> a.yml", "-> c.yml"),
];
const state = { ".eac-model/manifest.json": "2.0.0" };

let place: TemporaryFolder;
let count = 0;
let updateSteps: readonly string[];
let abortSteps: readonly string[];
let before: unknown;
let after: unknown;

/** A fresh copy of the repository, cheaper than making one. */
function aRepository(): string {
  const folder = join(place.path, String(count++));
  cpSync(join(place.path, "original"), folder, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  return folder;
}

function stateOf(folder: string): unknown {
  return { files: snapshot(folder), index: indexOf(folder) };
}

async function recover(folder: string, disk: Disk = realDisk): Promise<Recovery> {
  await using lock = await lockUpdate(await openRepository(folder, disk));
  return await recoverUpdate(lock);
}

async function abort(folder: string, disk: Disk = realDisk): Promise<UndoneUpdate> {
  await using lock = await lockUpdate(await openRepository(folder, disk));
  return await abortUpdate(lock);
}

/** Fails in the way that is asked for, whatever error that comes to. */
async function tryUpdate(folder: string, fault: Fault, at: number, diesAt?: number): Promise<unknown> {
  return await applyTo(folder, entries, { state, disk: failingDisk(fault, at, diesAt).disk }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

beforeAll(async () => {
  isolateGit();
  place = await temporaryFolder();
  before = stateOf(makeRepository(join(place.path, "original"), files));
  const whole = aRepository();
  const updating = failingDisk("refused", Infinity);
  await applyTo(whole, entries, { state, disk: updating.disk });
  updateSteps = updating.steps;
  after = stateOf(whole);
  const aborting = failingDisk("refused", Infinity);
  await abort(whole, aborting.disk);
  abortSteps = aborting.steps;
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** `old`, `new`, or the tree itself for the message of the failure. */
function sideOf(folder: string): unknown {
  const now = stateOf(folder);
  return isEqual(now, before) ? "old" : isEqual(now, after) ? "new" : now;
}

function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The numbers of the steps, of those that are wanted. */
function numbersOf(
  steps: readonly string[],
  isWanted: (step: string) => boolean = () => true,
): readonly number[] {
  return steps.flatMap((step, number) => (isWanted(step) ? [number] : []));
}

/** A step in the middle of the changing of files. */
function middleStep(): number {
  return updateSteps.length - 12;
}

describe("an update that is killed", () => {
  test.each(["dies", "dies-halfway"] as const)(
    "%s at any step: afterwards the tree is wholly old or wholly new, and the update can be made",
    async (fault) => {
      const outcomes = new Set<Recovery>();
      for (const at of numbersOf(updateSteps, (step) => fault === "dies" || step === "createFile")) {
        const folder = aRepository();
        await tryUpdate(folder, fault, at);

        outcomes.add(await recover(folder));

        expect({ at, side: sideOf(folder) }).toEqual({ at, side: expect.stringMatching(/^(?:old|new)$/) });
        if (sideOf(folder) === "old") await applyTo(folder, entries, { state });
        expect({ at, side: sideOf(folder) }).toEqual({ at, side: "new" });
      }
      if (fault === "dies") expect([...outcomes].toSorted()).toEqual(["finished", "nothing", "undone"]);
    },
    240_000,
  );

  test("can be undone instead of finished", async () => {
    for (const at of numbersOf(updateSteps)) {
      const folder = aRepository();
      await tryUpdate(folder, "dies", at);

      await abort(folder).catch((error: unknown) =>
        expect(error).toMatchObject({ code: "EAC_UPDATE_NOTHING_TO_ABORT" }),
      );

      expect({ at, side: sideOf(folder) }).toEqual({ at, side: "old" });
    }
  }, 240_000);

  test("is finished by a run that is killed itself, in the end", async () => {
    for (const at of numbersOf(updateSteps.slice(middleStep()))) {
      const folder = aRepository();
      await tryUpdate(folder, "dies", middleStep());
      await recover(folder, failingDisk("dies", at).disk).catch(() => undefined);

      await recover(folder);

      expect({ at, side: sideOf(folder) }).toEqual({ at, side: "new" });
    }
  }, 240_000);

  test("is neither finished over what a person changed since, nor does undoing it touch that", async () => {
    const folder = aRepository();
    await tryUpdate(folder, "dies", middleStep());
    writeFileSync(join(folder, "a.yml"), "mine\n");

    await expect(recover(folder)).rejects.toMatchObject({
      code: "EAC_UPDATE_CHANGED_SINCE",
      message: expect.stringContaining("a.yml"),
    });
    expect((await abort(folder)).kept).toEqual(["a.yml"]);

    expect(readFileSync(join(folder, "a.yml"), "utf8")).toBe("mine\n");
    writeFileSync(join(folder, "a.yml"), "1\n");
    expect(sideOf(folder)).toBe("old");
  });

  test("is never finished or undone through a link that took the place of a folder", async () => {
    await using outside = await temporaryFolder();
    const folder = aRepository();
    await tryUpdate(folder, "dies", middleStep());
    for (const name of ["new", "gone", "swap"]) {
      rmSync(join(folder, name), { recursive: true, force: true });
      symlinkSync(outside.path, join(folder, name));
    }

    await expect(recover(folder)).rejects.toMatchObject({ code: "EAC_UPDATE_CHANGED_SINCE" });
    const { kept } = await abort(folder);

    expect(kept).toEqual(["gone/deep/old.py", "new/deep/run.sh", "swap"]);
    expect(readdirSync(outside.path)).toEqual([]);
    expect(readFileSync(join(folder, "a.yml"), "utf8")).toBe("1\n");
  });

  test("is forgotten where a person has put the old files back", async () => {
    const folder = aRepository();
    await tryUpdate(folder, "dies", middleStep());
    git(folder, "checkout", "--quiet", "--force", "HEAD", ".");
    git(folder, "clean", "--quiet", "--force", "-d");

    expect(await recover(folder)).toBe("undone");

    expect(sideOf(folder)).toBe("old");
  });

  test("makes a run that changes nothing refuse, without a byte changed", async () => {
    const folder = aRepository();
    await tryUpdate(folder, "dies", middleStep());
    const everything = bytesOf(folder);

    const refusing = refuseUnfinished(await openRepository(folder));

    await expect(refusing).rejects.toMatchObject({ code: "EAC_UPDATE_UNFINISHED", exitCode: 6 });
    expect(bytesOf(folder)).toEqual(everything);
  });
});

describe("an update that is refused", () => {
  test("once, at any step: the tree is as before, or the step did not matter", async () => {
    const sides = [];
    for (const at of numbersOf(updateSteps)) {
      const folder = aRepository();

      const error = await tryUpdate(folder, "refused", at);

      if (error !== undefined)
        expect({ at, error }).toMatchObject({ at, error: { code: "EAC_UPDATE_WRITE_FAILED", exitCode: 6 } });
      expect({ at, side: sideOf(folder) }).toEqual({ at, side: error === undefined ? "new" : "old" });
      expect(await recover(folder)).toBe("nothing");
      sides.push(sideOf(folder));
    }
    expect(sides.filter((side) => side === "old").length).toBeGreaterThan(updateSteps.length / 2);
  }, 240_000);

  test("and killed while it puts the files back: the next run puts them back", async () => {
    const at = updateSteps.lastIndexOf("move") - 1;
    for (const step of numbersOf(abortSteps)) {
      const folder = aRepository();
      await tryUpdate(folder, "refused", at, at + 1 + step);

      await recover(folder);

      expect({ step, side: sideOf(folder) }).toEqual({
        step,
        side: expect.stringMatching(step === 0 ? "new" : "old"),
      });
    }
  }, 240_000);

  test("because the disk is full, from any step on: nothing changes, for all that takes room comes first", async () => {
    for (const at of numbersOf(updateSteps, takesRoom)) {
      const folder = aRepository();

      const error = await tryUpdate(folder, "full", at);

      expect({ at, error }).toMatchObject({
        at,
        error: { exitCode: 6, message: expect.stringContaining("ENOSPC") },
      });
      await recover(folder);
      expect({ at, side: sideOf(folder) }).toEqual({ at, side: "old" });
    }
  }, 240_000);

  test("by another git command that holds the index for longer: the tree is as before", async () => {
    const folder = aRepository();
    writeFileSync(join(folder, ".git/index.lock"), "");

    const error = await tryUpdate(folder, "refused", Infinity);

    expect(error).toMatchObject({
      code: "EAC_UPDATE_WRITE_FAILED",
      message: expect.stringContaining("index.lock"),
    });
    rmSync(join(folder, ".git/index.lock"));
    await recover(folder);
    expect(sideOf(folder)).toBe("old");
  });
});

describe("abortUpdate", () => {
  test("undoes the last update, files and index, and can then do nothing more", async () => {
    const folder = aRepository();
    await applyTo(folder, entries, { state });

    const { undone, kept } = await abort(folder);

    expect(undone).toContain("new/deep/run.sh");
    expect(kept).toEqual([]);
    expect(sideOf(folder)).toBe("old");
    expect(git(folder, "status", "--porcelain")).toBe("");
    await expect(abort(folder)).rejects.toMatchObject({ code: "EAC_UPDATE_NOTHING_TO_ABORT" });
  });

  test("undoes what was staged of the update, too", async () => {
    const folder = aRepository();
    await applyTo(folder, entries, { state });
    git(folder, "add", "--all");

    await abort(folder);

    expect(sideOf(folder)).toBe("old");
    expect(git(folder, "status", "--porcelain")).toBe("");
  });

  test("is finished by the next run when it is killed", async () => {
    for (const at of numbersOf(abortSteps)) {
      const folder = aRepository();
      await applyTo(folder, entries, { state });
      await abort(folder, failingDisk("dies", at).disk).catch(() => undefined);

      await recover(folder);

      expect({ at, side: sideOf(folder) }).toEqual({ at, side: expect.stringMatching(/^(?:old|new)$/) });
    }
  }, 240_000);

  test("throws away what was done about a conflict, but refuses to lose other work", async () => {
    const folder = aRepository();
    await applyTo(folder, entries, { state });
    writeFileSync(join(folder, "c.yml"), "half resolved\n");
    writeFileSync(join(folder, "a.yml"), "more work\n");

    await expect(abort(folder)).rejects.toMatchObject({
      code: "EAC_UPDATE_ABORT_WOULD_LOSE",
      message: expect.stringContaining("a.yml"),
      problems: [{ path: "a.yml", rule: "changed", message: "It was changed since." }],
    });
    writeFileSync(join(folder, "a.yml"), "2\n");
    await abort(folder);

    expect(sideOf(folder)).toBe("old");
  });

  test("refuses once the update is committed", async () => {
    const folder = aRepository();
    await applyTo(folder, entries, { state });
    commitAll(folder);

    await expect(abort(folder)).rejects.toMatchObject({ code: "EAC_UPDATE_NOTHING_TO_ABORT" });

    expect(git(folder, "status", "--porcelain")).toBe("");
  });
});

/** A disk on which git's folder is on another file system than the work tree. */
const apart: Disk = {
  ...realDisk,
  move: (from, to) =>
    from.includes("/.git/") === to.includes("/.git/")
      ? realDisk.move(from, to)
      : Promise.reject(crossing("rename")),
  linkFile: () => Promise.reject(crossing("link")),
};

function crossing(syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`EXDEV: cross-device link not permitted, ${syscall}`), {
    code: "EXDEV",
    syscall,
  });
}

describe("two file systems", () => {
  test("are no obstacle: git's folder may be on another one than the work tree", async () => {
    const folder = aRepository();

    await applyTo(folder, entries, { state, disk: apart });

    expect(sideOf(folder)).toBe("new");
    await abort(folder, apart);
    expect(sideOf(folder)).toBe("old");
  });
});
