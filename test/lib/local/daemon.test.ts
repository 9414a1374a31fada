import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type * as daemonModule from "../../../lib/local/daemon.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const built = join(import.meta.dirname, "..", "..", "..", "dist", "lib", "local", "daemon.js");
const { readStatus, readToken, startDaemon, stopDaemon }: typeof daemonModule = await import(built);

/** A folder whose organisation, if any, has ended when the block ends. */
async function daemonFolder(): Promise<TemporaryFolder> {
  const parent = await temporaryFolder();
  const path = join(parent.path, "local");
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await stopDaemon(path);
      await parent[Symbol.asyncDispose]();
    },
  };
}

function start(path: string, projects: readonly string[] = []) {
  return startDaemon({ folder: path, port: 0, projects, onlyDevops: true });
}

async function projectNames(folder: string): Promise<readonly string[]> {
  const { url } = await readStatus(folder);
  const response = await fetch(`${url}/_apis/projects`, {
    headers: { authorization: `Bearer ${readToken(folder).reveal()}` },
  });
  const body: { value: { name: string }[] } = JSON.parse(await response.text());
  return body.value.map(({ name }) => name);
}

function permissions(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe("the process of a local organisation", () => {
  test("starts, is found running, and is gone when stop answers", async () => {
    await using folder = await daemonFolder();

    const before = await readStatus(folder.path);
    const started = await start(folder.path);
    const running = await readStatus(folder.path);
    const stopped = await stopDaemon(folder.path);
    const after = await readStatus(folder.path);

    expect(before).toMatchObject({ running: false, url: undefined });
    expect(started.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/local$/);
    expect(running).toEqual(started);
    expect(stopped).toBe(true);
    expect(after.running).toBe(false);
    await expect(fetch(started.url ?? "")).rejects.toThrow("fetch failed");
    expect(await stopDaemon(folder.path)).toBe(false);
  });

  test("leaves a folder that has no organisation as it is", async () => {
    await using folder = await daemonFolder();

    await readStatus(folder.path);
    await stopDaemon(folder.path);

    expect(existsSync(folder.path)).toBe(false);
  });

  test("keeps its files from everybody else, and its token out of the arguments", async () => {
    await using folder = await daemonFolder();

    const { pid } = await start(folder.path);

    const files = readdirSync(folder.path).filter((name) => name !== "git");
    expect(files.toSorted()).toEqual(["daemon.json", "daemon.lock", "server.log", "state.json", "token"]);
    expect(files.map((name) => permissions(join(folder.path, name)))).toEqual(files.map(() => "600"));
    expect([permissions(folder.path), permissions(join(folder.path, "git"))]).toEqual(["700", "700"]);
    const words = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    expect(words).not.toContain(readToken(folder.path).reveal());
  });

  test("is one process, however many start it at once", async () => {
    await using folder = await daemonFolder();

    const all = await Promise.all([1, 2, 3, 4].map(() => start(folder.path)));

    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
  });

  test("keeps port, token and projects over a stop", async () => {
    await using folder = await daemonFolder();
    const first = await start(folder.path, ["Forecasts"]);
    const token = readToken(folder.path).reveal();
    await stopDaemon(folder.path);

    const second = await start(folder.path);

    expect(second.url).toBe(first.url);
    expect(second.pid).not.toBe(first.pid);
    expect(readToken(folder.path).reveal()).toBe(token);
    expect(await projectNames(folder.path)).toEqual(["AnalyticsOps", "Forecasts"]);
  });

  test("starts again after a kill that left its lock behind", async () => {
    await using folder = await daemonFolder();
    const { pid = 0 } = await start(folder.path, ["Forecasts"]);
    process.kill(pid, "SIGKILL");
    while ((await readStatus(folder.path)).running) await sleep(10);

    const again = await start(folder.path);

    expect(again.running).toBe(true);
    expect(await projectNames(folder.path)).toContain("Forecasts");
  });

  test("loses nothing that it answered when it is killed in the middle of its work", async () => {
    await using folder = await daemonFolder();
    const { pid = 0, url } = await start(folder.path);
    const headers = {
      authorization: `Bearer ${readToken(folder.path).reveal()}`,
      "content-type": "application/json",
    };
    const environments = "AnalyticsOps/_apis/distributedtask/environments?api-version=7.1";
    const answered: string[] = [];
    const work = async (worker: number): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const name = `environment-${worker}-${index}`;
        const { status } = await fetch(`${url}/${environments}`, {
          method: "POST",
          headers,
          body: JSON.stringify({ name }),
        });
        if (status === 200) answered.push(name);
      }
    };
    const workers = [1, 2, 3].map((worker) => work(worker).catch(() => undefined));
    while (answered.length < 30) await sleep(1);
    process.kill(pid, "SIGKILL");
    await Promise.all(workers);
    while ((await readStatus(folder.path)).running) await sleep(10);

    const again = await start(folder.path);
    const response = await fetch(`${again.url}/${environments}`, { headers });
    const body: { value: { name: string }[] } = JSON.parse(await response.text());

    const names = body.value.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(answered));
    expect(names.length - answered.length).toBeLessThanOrEqual(3);
  });

  test("is not mistaken for another program that has its number now", async () => {
    await using folder = await daemonFolder();
    await start(folder.path);
    await stopDaemon(folder.path);
    writeFileSync(join(folder.path, "daemon.lock"), String(process.pid));

    expect(await stopDaemon(folder.path)).toBe(false);
    expect((await start(folder.path)).running).toBe(true);
  });

  test("is not stopped through the folder of another one", async () => {
    await using one = await daemonFolder();
    await using other = await daemonFolder();
    await start(one.path);
    await mkdir(other.path);
    await copyFile(join(one.path, "daemon.lock"), join(other.path, "daemon.lock"));

    expect(await stopDaemon(other.path)).toBe(false);
    expect((await readStatus(one.path)).running).toBe(true);
  });

  test("is stopped even when it no longer answers", async () => {
    await using folder = await daemonFolder();
    const { pid = 0 } = await start(folder.path);
    await rename(join(folder.path, "daemon.json"), join(folder.path, "lost.json"));

    expect((await readStatus(folder.path)).running).toBe(false);
    expect(await stopDaemon(folder.path)).toBe(true);
    // It is this process's child: it has a number until this process has heard of its end.
    await sleep(100);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("says why it did not start: the port is taken", async () => {
    await using one = await daemonFolder();
    await using other = await daemonFolder();
    const { url = "" } = await start(one.path);
    const port = Number(new URL(url).port);

    const attempt = startDaemon({ folder: other.path, port, projects: [], onlyDevops: true });

    await expect(attempt).rejects.toMatchObject({
      code: "EAC_LOCAL_NOT_STARTED",
      message: expect.stringContaining(`address already in use 127.0.0.1:${port}`),
    });
  });

  test.each([
    { content: "{", words: "JSON" },
    { content: '{"schema":2}', words: "a newer version of eac-model wrote it" },
    { content: '{"schema":1}', words: "it does not have the expected form" },
  ])("says why it did not start, and keeps the state as it is: $content", async ({ content, words }) => {
    await using folder = await daemonFolder();
    await mkdir(folder.path);
    const state = join(folder.path, "state.json");
    writeFileSync(state, content);

    await expect(start(folder.path)).rejects.toMatchObject({
      code: "EAC_LOCAL_NOT_STARTED",
      message: expect.stringContaining(words),
    });
    expect(readFileSync(state, "utf8")).toBe(content);
  });

  test("makes a new token in place of an empty one and refuses a weak one", async () => {
    await using folder = await daemonFolder();
    await mkdir(folder.path);
    writeFileSync(join(folder.path, "token"), "");

    const token = readToken(folder.path).reveal();
    writeFileSync(join(folder.path, "token"), "secret");

    expect(token).toMatch(/^[\w-]{43}$/);
    await expect(start(folder.path)).rejects.toMatchObject({ code: "EAC_LOCAL_FOLDER_UNUSABLE" });
  });

  test("names a project that it cannot make, and the folder that it cannot use", async () => {
    await using folder = await daemonFolder();

    await expect(start(folder.path, ["a/b"])).rejects.toMatchObject({
      code: "EAC_LOCAL_PROJECT_REFUSED",
      message: expect.stringContaining('"a/b"'),
    });
    await expect(start(join(folder.path, "token", "below"))).rejects.toMatchObject({
      code: "EAC_LOCAL_FOLDER_UNUSABLE",
    });
  });
});
