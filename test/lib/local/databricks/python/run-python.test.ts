import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { runPython } from "../../../../../lib/local/databricks/python/run-python.ts";
import { findPython } from "../../../../support/python-environment.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";
import { environ } from "../workspace-client.ts";

const found = findPython();
const python = found ?? "";
const suite = found === undefined ? describe.skip : describe;
const runner = join(import.meta.dirname, "../../../../../lib/local/databricks/run_notebook.py");

/** A Python file in a folder of its own, and the task that runs it. */
async function taskOf(folder: string, source: string) {
  const path = join(folder, "task.py");
  await writeFile(path, source);
  return { kind: "file", path, parameters: [], workspace: folder, folder };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function waitFor(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20);
}

const waitForEver = `import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open("pids.new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename("pids.new", "pids")
time.sleep(600)
`;

suite("runPython", () => {
  test("answers what was written, in its order, and what became of the task", async () => {
    await using folder = await temporaryFolder();
    const source = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\n";
    const task = await taskOf(folder.path, source);
    const { signal } = new AbortController();

    const result = await runPython({ python, task, cwd: folder.path, environ, signal });

    expect(result).toEqual({ exitCode: 0, output: "one\ntwo\nthree\n", isTruncated: false, report: {} });
  });

  test("keeps the end of a very long output", async () => {
    await using folder = await temporaryFolder();
    const task = await taskOf(folder.path, "print('x' * 7_000_000)\nprint('the end')\n");
    const { signal } = new AbortController();

    const { output, isTruncated } = await runPython({ python, task, cwd: folder.path, environ, signal });

    expect(isTruncated).toBe(true);
    expect(output.length).toBeLessThan(5_500_000);
    expect(output.endsWith("x\nthe end\n")).toBe(true);
  });

  test("does not wait for what the task left running, and ends it", async () => {
    await using folder = await temporaryFolder();
    const task = await taskOf(folder.path, waitForEver.replace("time.sleep(600)\n", ""));
    const { signal } = new AbortController();

    const { exitCode } = await runPython({ python, task, cwd: folder.path, environ, signal });

    const pids = readFileSync(join(folder.path, "pids"), "utf8").split(" ").map(Number);
    await waitFor(() => pids.every((pid) => !isAlive(pid)));
    expect(exitCode).toBe(0);
  });

  test("begins nothing when it was stopped before", async () => {
    await using folder = await temporaryFolder();
    const task = await taskOf(folder.path, "open('here', 'w')");
    const signal = AbortSignal.abort();

    const { report } = await runPython({ python, task, cwd: folder.path, environ, signal });

    expect(report).toBeUndefined();
    expect(existsSync(join(folder.path, "here"))).toBe(false);
  });

  test("leaves nothing behind when the workspace is gone without a word", async () => {
    await using folder = await temporaryFolder();
    const task = await taskOf(folder.path, waitForEver);
    const child = spawn(python, ["-B", runner], {
      cwd: folder.path,
      env: environ,
      detached: true,
      stdio: ["pipe", "ignore", "ignore", "pipe"],
    });
    child.stdin?.write(`${JSON.stringify(task)}\n`);
    const path = join(folder.path, "pids");
    await waitFor(() => existsSync(path));

    child.stdin?.destroy();
    await once(child, "exit");

    const pids = readFileSync(path, "utf8").split(" ").map(Number);
    await waitFor(() => pids.every((pid) => !isAlive(pid)));
    expect(pids).toHaveLength(2);
  });
});
