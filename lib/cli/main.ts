#!/usr/bin/env node
// Answers --version with the least possible loading; everything else goes to run.ts.
import { readFileSync } from "node:fs";
import { standardOutput } from "../report/output.ts";

const words = process.argv.slice(2);
const [first] = words;

if (first === "--version" || first === "-v") {
  standardOutput({ isTerminal: false, noColour: true }).write(`${packageVersion()}\n`);
} else {
  const { run } = await import("./run.ts");
  process.exitCode = await run(words);
}

/** Compiled code stands one folder deeper than the package root than the sources do. */
function packageVersion(): string {
  for (const up of ["../..", "../../.."]) {
    try {
      const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), "utf8");
      const { version }: { version: string } = JSON.parse(text);
      return version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
