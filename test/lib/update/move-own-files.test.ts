import { describe, expect, test } from "@jest/globals";
import { moveOwnFiles } from "../../../lib/update/move-own-files.ts";
import type { TreeEntry, UpdateEntry, UpdatePlan } from "../../../lib/update/update-plan.ts";

const folders = [{ from: "demo/", to: "iris/" }];

function aFile(path: string, mode: TreeEntry["mode"] = "100644"): TreeEntry {
  return { path, mode, bytes: Buffer.from(path) };
}

function aPlan(...entries: readonly UpdateEntry[]): UpdatePlan {
  return { entries };
}

function own(...files: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> {
  return new Map(files.map((file) => [file.path, file]));
}

describe("moveOwnFiles", () => {
  test("moves the team's files with their folder, with bytes and mode", () => {
    const file = aFile("demo/a/b.py", "100755");

    const { entries } = moveOwnFiles(aPlan(), { folders, own: own(file) });

    expect(entries).toEqual([
      expect.objectContaining({
        path: "iris/a/b.py",
        movedFrom: "demo/a/b.py",
        verdict: "move",
        before: file,
        after: { ...file, path: "iris/a/b.py" },
      }),
    ]);
  });

  test("leaves a file where it is whose new name is taken, and says why", () => {
    const file = aFile("demo/a.py");
    const added = aFile("iris/a.py");
    const plan = aPlan({ path: "iris/a.py", verdict: "add", reason: "", before: undefined, after: added });

    const { entries } = moveOwnFiles(plan, { folders, own: own(file) });

    expect(entries.map(({ path, verdict }) => [path, verdict])).toEqual([
      ["demo/a.py", "keep"],
      ["iris/a.py", "add"],
    ]);
  });

  test("takes the place of an entry that changed nothing, and leaves one that moves the file elsewhere", () => {
    const [still, moving] = [aFile("demo/still.py"), aFile("demo/moving.py")];
    const elsewhere = { ...moving, path: "iris/elsewhere.py" };
    const plan = aPlan(
      { path: "demo/still.py", verdict: "team", reason: "", before: still, after: still },
      {
        path: "iris/elsewhere.py",
        movedFrom: moving.path,
        verdict: "move",
        reason: "",
        before: moving,
        after: elsewhere,
      },
    );

    const { entries } = moveOwnFiles(plan, { folders, own: own(still, moving) });

    expect(entries.map(({ path, movedFrom }) => [movedFrom, path])).toEqual([
      ["demo/moving.py", "iris/elsewhere.py"],
      ["demo/still.py", "iris/still.py"],
    ]);
  });

  test("leaves files of other folders and submodules alone", () => {
    const plan = aPlan();

    const moved = moveOwnFiles(plan, {
      folders,
      own: own(aFile("other/a.py"), aFile("demo/module", "160000")),
    });

    expect(moved.entries).toEqual([]);
  });

  test("is the same plan where no folder has another name", () => {
    const plan = aPlan();

    expect(moveOwnFiles(plan, { folders: [], own: own(aFile("demo/a.py")) })).toBe(plan);
  });
});
