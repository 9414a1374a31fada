import { execFile } from "node:child_process";
import type { Environ } from "./start-bound-process.ts";

const candidates = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];
const printPath =
  "import sys, venv, ensurepip; print(sys.executable) if sys.version_info >= (3, 10) else sys.exit(1)";

/** The path of the first Python from 3.10 on the search path that can make virtual environments. */
export async function findPython(environ: Environ): Promise<string | undefined> {
  for (const name of candidates) {
    const path = await runs(name, environ);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The path that a Python names as its own, where it is new enough and works. */
export function runs(python: string, environ: Environ): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(python, ["-I", "-c", printPath], { env: environ }, (error, output) => {
      resolve(error === null ? output.trim() : undefined);
    });
  });
}
