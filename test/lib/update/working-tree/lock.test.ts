import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { lockHolder, lockUpdate } from "../../../../lib/update/working-tree/lock.ts";
import {
  openRepository,
  type ModelRepository,
} from "../../../../lib/update/working-tree/model-repository.ts";
import { root } from "../../../support/eac-model.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";
import { makeRepository, snapshot } from "../../../support/work-tree.ts";

async function aRepository(folder: string): Promise<ModelRepository> {
  return await openRepository(makeRepository(folder, { "a.yml": "1\n" }));
}

/** Leaves a lock file as a process with this number would. */
function leaveLock(repository: ModelRepository, content: Readonly<Record<string, unknown>> | string): void {
  mkdirSync(repository.stateFolder, { recursive: true });
  const text =
    typeof content === "string" ? content : JSON.stringify({ host: hostname(), token: "t", ...content });
  writeFileSync(join(repository.stateFolder, "lock"), text);
}

function deadProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

const running = { code: "EAC_UPDATE_RUNNING", exitCode: 6 };

describe("lockUpdate", () => {
  beforeAll(isolateGit);

  test("gives the right to one at a time, and leaves nothing behind", async () => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    {
      await using lock = await lockUpdate(repository);
      expect(lock.repository).toBe(repository);
      await expect(lockUpdate(repository)).rejects.toMatchObject({
        ...running,
        message: expect.stringContaining(`process ${process.pid}`),
      });
      expect(await lockHolder(repository)).toContain(String(process.pid));
    }

    await (await lockUpdate(repository))[Symbol.asyncDispose]();

    expect(await lockHolder(repository)).toBeUndefined();
    expect(readdirSync(repository.stateFolder)).toEqual([]);
  });

  test("takes over the lock of a process that died, by one of many", async () => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    leaveLock(repository, { pid: deadProcess() });

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockUpdate(repository)));

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([
      "fulfilled",
      ...Array<string>(7).fill("rejected"),
    ]);
    expect(readdirSync(repository.stateFolder)).toEqual(["lock"]);
  });

  test("takes over a lock that names this process's number, left by a process of an earlier life of the machine", async () => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    leaveLock(repository, { pid: process.pid });

    await using lock = await lockUpdate(repository);

    expect(lock.repository.folder).toBe(repository.folder);
  });

  test("takes over though somebody died while taking over", async () => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    leaveLock(repository, { pid: deadProcess() });
    const guard = join(repository.stateFolder, "lock-takeover");
    writeFileSync(guard, "");
    utimesSync(guard, 1, 1);

    await using lock = await lockUpdate(repository);

    expect(existsSync(guard)).toBe(false);
    expect(lock.repository).toBe(repository);
  });

  test("respects the lock of a process that lives", async () => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    const other = spawn("sleep", ["60"]);
    leaveLock(repository, { pid: other.pid });

    await expect(lockUpdate(repository)).rejects.toMatchObject(running);

    other.kill();
  });

  test.each([
    { name: "of another machine or container", content: { pid: deadProcess(), host: "elsewhere" } },
    { name: "that is no JSON", content: "" },
    { name: "of a strange form", content: { pid: "1" } },
    { name: "of all processes", content: { pid: -1 } },
  ])("respects a lock $name, and says which file to delete", async ({ content }) => {
    await using folder = await temporaryFolder();
    const repository = await aRepository(folder.path);
    leaveLock(repository, content);

    await expect(lockUpdate(repository)).rejects.toMatchObject({
      ...running,
      hint: expect.stringContaining(join(repository.stateFolder, "lock")),
    });
    expect(readdirSync(repository.stateFolder)).toEqual(["lock"]);
  });
});

describe("processes of their own", () => {
  let place: TemporaryFolder;
  let script: string;

  beforeAll(async () => {
    isolateGit();
    place = await temporaryFolder();
    script = join(place.path, "update-process.cjs");
    const source = join(root, "test", "support", "update-process.ts");
    execFileSync(join(root, "node_modules", ".bin", "esbuild"), [
      source,
      "--bundle",
      "--platform=node",
      "--target=node20",
      "--format=cjs",
      `--outfile=${script}`,
      "--log-level=error",
    ]);
  });

  afterAll(async () => {
    await place[Symbol.asyncDispose]();
  });

  /** What the process says at its end; empty for one that was killed. */
  function update(folder: string, step?: number): Promise<string> {
    const words = step === undefined ? [] : [String(step)];
    const child = spawn(process.execPath, [script, folder, ...words], { env: process.env });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve) => void child.once("close", () => resolve(said)));
  }

  const old = { "a.yml": "644 1\n" };
  const updated = { "a.yml": "644 2\n", "b/": "", "b/new.yml": "644 new\n" };

  test("that are killed while they write leave a repository that the next one brings to its end", async () => {
    const folder = join(place.path, "killed");
    const seen = new Set<string>();
    for (let step = 0; step < 18; step += 3) {
      makeRepository(join(folder, String(step)), { "a.yml": "1\n" });

      expect(await update(join(folder, String(step)), step)).toBe("");

      seen.add(JSON.stringify(snapshot(join(folder, String(step)))));
      const said = await update(join(folder, String(step)));
      const isOver = said === "updated" || said === "EAC_UPDATE_CHANGED_MEANWHILE";
      expect({ step, isOver, files: snapshot(join(folder, String(step))) }).toEqual({
        step,
        isOver: true,
        files: updated,
      });
    }
    expect([...seen]).toContain(JSON.stringify(old));
    expect(seen.size).toBeGreaterThan(1);
  }, 60_000);

  test("that start at once make one update", async () => {
    const folder = makeRepository(join(place.path, "at-once"), { "a.yml": "1\n" });

    const said = await Promise.all([update(folder), update(folder), update(folder)]);

    const others = ["EAC_UPDATE_RUNNING", "EAC_UPDATE_CHANGED_MEANWHILE"];
    expect(said.filter((word) => word === "updated")).toHaveLength(1);
    expect(said.filter((word) => word !== "updated" && !others.includes(word))).toEqual([]);
    expect(snapshot(folder)).toEqual(updated);
  }, 60_000);
});
