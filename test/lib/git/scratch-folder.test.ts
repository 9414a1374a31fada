import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { makeScratchFolder, removeLeftScratchFolders } from "../../../lib/git/scratch-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const made: string[] = [];

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A folder as another process would have made it. */
async function folderOf(pid: number): Promise<string> {
  const own = await makeScratchFolder();
  const folder = join(dirname(own), basename(own).replace(`-${process.pid}-`, `-${pid}-`));
  made.push(own, folder);
  return folder;
}

const deadPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

describe("scratch folders", () => {
  test("of a killed process are removed with everything in them", async () => {
    const left = await folderOf(deadPid());
    mkdirSync(join(left, "objects"), { recursive: true });
    writeFileSync(join(left, "objects", "pack"), "");

    await removeLeftScratchFolders();

    expect(existsSync(left)).toBe(false);
  });

  test("of this and of other running processes stay", async () => {
    const [own, other] = [await folderOf(process.pid), await folderOf(process.ppid)];
    mkdirSync(other);

    await removeLeftScratchFolders();

    expect([own, other].map((folder) => existsSync(folder))).toEqual([true, true]);
  });

  test("are not followed where they are links, and folders of another machine or purpose stay", async () => {
    await using target = await temporaryFolder();
    const pid = deadPid();
    const link = await folderOf(pid);
    const foreign = link.replace(/-[0-9a-f]{8}-/, "-00000000-");
    const unlike = join(dirname(link), `eac-model-git-notes-${pid}`);
    made.push(foreign, unlike);
    symlinkSync(target.path, link);
    mkdirSync(foreign);
    mkdirSync(unlike);

    await removeLeftScratchFolders();

    expect([target.path, foreign, unlike].map((folder) => existsSync(folder))).toEqual([true, true, true]);
  });
});
