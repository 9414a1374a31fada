import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Environments } from "../../../../../lib/local/databricks/python/environments.ts";
import { findPython } from "../../../../support/python-environment.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

const found = findPython();
const python = found ?? "";
const suite = found === undefined ? describe.skip : describe;

function evaluate(interpreter: string, expression: string): string {
  return execFileSync(interpreter, ["-c", `print(${expression})`], {
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

/** Puts a module into an environment. */
function putModule(interpreter: string, name: string): void {
  const packages = evaluate(interpreter, "__import__('site').getsitepackages()[0]");
  writeFileSync(join(packages, `${name}.py`), `origin = ${JSON.stringify(interpreter)}\n`);
}

suite("environments", () => {
  test("see the packages below them, theirs before those, and give nothing back", async () => {
    await using folder = await temporaryFolder();
    const runtime = await new Environments(join(folder.path, "runtime"), python).ensure("runtime");
    putModule(runtime.python, "shared");
    putModule(runtime.python, "replaced");
    const environments = new Environments(join(folder.path, "environments"), runtime.python);
    const cluster = await environments.ensure("cluster");
    putModule(cluster.python, "replaced");
    const task = await environments.ensure("task", "cluster");
    putModule(task.python, "own");

    expect(evaluate(task.python, "__import__('shared').origin")).toBe(runtime.python);
    expect(evaluate(task.python, "__import__('replaced').origin")).toBe(cluster.python);
    expect(evaluate(task.python, "__import__('own').origin")).toBe(task.python);
    expect(() => evaluate(cluster.python, "__import__('own')")).toThrow("No module named 'own'");
    expect(evaluate(runtime.python, "__import__('replaced').origin")).toBe(runtime.python);
  });

  test("are made once, and again after they were removed", async () => {
    await using folder = await temporaryFolder();
    const environments = new Environments(folder.path, python);
    const [first] = await Promise.all([environments.ensure("a"), environments.ensure("a")]);
    putModule(first.python, "own");
    const kept = await environments.ensure("a");
    const isThere = environments.isThere("a");
    const hadOwn = evaluate(kept.python, "__import__('own').origin");

    await environments.remove("a");
    const isGone = !environments.isThere("a");
    const again = await environments.ensure("a");

    expect([isThere, isGone, hadOwn]).toEqual([true, true, first.python]);
    expect(() => evaluate(again.python, "__import__('own')")).toThrow("No module named 'own'");
  });

  test("of another Python, and those that nobody wants any more, are not used", async () => {
    await using folder = await temporaryFolder();
    await new Environments(folder.path, python).ensure("a");
    const other = await new Environments(join(folder.path, "other"), python).ensure("other");

    expect(new Environments(folder.path, other.python).isThere("a")).toBe(false);
    await new Environments(folder.path, python).keepOnly(["other"]);
    expect(readdirSync(folder.path)).toEqual(["other"]);
  });
});
