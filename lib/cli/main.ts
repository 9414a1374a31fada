#!/usr/bin/env node
// Answers --version with the least possible loading; everything else goes to run.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { standardOutput } from "../report/output.ts";
import { loadRun } from "./load-run.ts";

const words = process.argv.slice(2);
const [first] = words;

if (first === "--version" || first === "-v") {
  standardOutput({ isTerminal: false, noColour: true }).write(`${packageVersion()}\n`);
} else {
  void main();
}

/** Not at the top level: the bundle is CommonJS, which starts sooner. */
async function main(): Promise<void> {
  const run = await loadRun();
  process.exitCode = await run(words);
}

/** Compiled code stands one folder deeper than the package root than the sources do. */
function packageVersion(): string {
  for (const up of ["../..", "../../.."]) {
    try {
      const text = readFileSync(join(import.meta.dirname, up, "package.json"), "utf8");
      const { version }: { version: string } = JSON.parse(text);
      return version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
