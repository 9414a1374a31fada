import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { startBoundProcess } from "../../../../lib/local/mlflow/start-bound-process.ts";
import { findPython } from "../../../support/python-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const python = findPython() ?? "";
const suite = python === "" ? describe.skip : describe;
const root = join(import.meta.dirname, "..", "..", "..", "..");
const built = join(root, "dist", "lib", "local", "mlflow", "start-bound-process.js");
/** A program with a child that does the same: writes its number into a file and sleeps. */
const family = `
import os, subprocess, sys, time
name = sys.argv[1]
if name == "parent":
    subprocess.Popen([sys.executable, __file__, "child"])
with open(name + ".draft", "w") as file:
    file.write(str(os.getpid()))
os.rename(name + ".draft", name)
time.sleep(1000)
`;
/** The same, deaf to requests to end. */
const stubbornFamily = `import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n${family}`;

async function numberIn(path: string): Promise<number> {
  const end = Date.now() + 10_000;
  while (!existsSync(path)) {
    if (Date.now() > end) throw new Error(`${path} was not written.`);
    await sleep(10);
  }
  return Number(readFileSync(path, "utf8"));
}

function isRunning(pid: number): boolean {
  const states = execFileSync("ps", ["-A", "-o", "pid=,stat="], { encoding: "utf8" });
  return new RegExp(`^ *${pid} +[^Z]`, "m").test(states);
}

async function bothAreGone(folder: string): Promise<boolean> {
  const pids = await Promise.all(["parent", "child"].map((name) => numberIn(join(folder, name))));
  const end = Date.now() + 8_000;
  while (pids.some(isRunning) && Date.now() < end) await sleep(20);
  return !pids.some(isRunning);
}

suite("a bound process", () => {
  test("ends with everything it started when it is disposed", async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    await writeFile(join(cwd, "family.py"), family);
    const command = [python, join(cwd, "family.py"), "parent"];
    const bound = startBoundProcess({ python, command, cwd, environ: process.env, log: join(cwd, "log") });
    const pids = [await numberIn(join(cwd, "parent")), await numberIn(join(cwd, "child"))];
    const before = pids.map(isRunning);

    await bound[Symbol.asyncDispose]();

    expect(before).toEqual([true, true]);
    expect(await bothAreGone(cwd)).toBe(true);
  });

  test.each([
    { title: "a program", code: family },
    { title: "one that does not want to end", code: stubbornFamily },
  ])("ends with everything it started when its parent is killed: $title", async ({ code: program }) => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    await writeFile(join(cwd, "family.py"), program);
    const options = {
      python,
      command: [python, join(cwd, "family.py"), "parent"],
      cwd,
      log: join(cwd, "log"),
    };
    const code = `const { startBoundProcess } = await import(${JSON.stringify(built)});
      startBoundProcess({ ...${JSON.stringify(options)}, environ: process.env });
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: "inherit" });

    await numberIn(join(cwd, "child")).finally(() => parent.kill("SIGKILL"));

    expect(await bothAreGone(cwd)).toBe(true);
  });

  test("kills what its program leaves behind when the program is killed", async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    await writeFile(join(cwd, "family.py"), family);
    const command = [python, join(cwd, "family.py"), "parent"];
    const bound = startBoundProcess({ python, command, cwd, environ: process.env, log: join(cwd, "log") });
    const pid = await numberIn(join(cwd, "parent"));
    await numberIn(join(cwd, "child"));

    process.kill(pid, "SIGKILL");

    expect(await bound.ended).toBe(128 + 9);
    expect(await bothAreGone(cwd)).toBe(true);
  });

  test("kills a program that does not want to end", async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    await writeFile(join(cwd, "family.py"), stubbornFamily);
    const command = [python, join(cwd, "family.py"), "parent"];
    const bound = startBoundProcess({ python, command, cwd, environ: process.env, log: join(cwd, "log") });
    await numberIn(join(cwd, "parent"));

    await bound[Symbol.asyncDispose]();

    expect(await bothAreGone(cwd)).toBe(true);
  });

  test("tells the exit code, keeps the output for its owner, and sees only the given variables", async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    const log = join(cwd, "log");
    const code = "import os, sys; print(sorted(os.environ.get(n, '') for n in ('OWN', 'HOME'))); sys.exit(3)";
    const environ = { PATH: process.env["PATH"], OWN: "yes" };

    const bound = startBoundProcess({ python, command: [python, "-c", code], cwd, environ, log });

    expect(await bound.ended).toBe(3);
    expect(readFileSync(log, "utf8")).toBe("['', 'yes']\n");
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  test("has ended badly when there is no such program", async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    const all = { cwd, environ: process.env, log: join(cwd, "log") };

    const noPython = startBoundProcess({ ...all, python: join(cwd, "none"), command: ["x"] });
    const noProgram = startBoundProcess({ ...all, python, command: [join(cwd, "none")] });

    expect(await noPython.ended).toBe(1);
    expect(await noProgram.ended).toBe(1);
  });
});
