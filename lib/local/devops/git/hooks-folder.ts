import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../state/write-file-atomically.ts";

const refusePush = join(import.meta.dirname, "refuse-push.mjs");
const hook = '#!/bin/sh\nexec "$EAC_MODEL_NODE" "$EAC_MODEL_HOOK"\n';

/** What the hook needs to run and to say. */
export function hookEnvironment(reason: string): Readonly<Record<string, string>> {
  return { EAC_MODEL_NODE: process.execPath, EAC_MODEL_HOOK: refusePush, EAC_MODEL_REFUSAL: reason };
}

/** The one folder of hooks that every repository uses; repositories bring none of their own. */
export function hooksFolder(gitFolder: string): string {
  return join(gitFolder, "hooks");
}

/** Writes the hook that refuses pushes to protected branches. Without it git refuses them too, with other words. */
export function writeHooks(gitFolder: string): void {
  const folder = hooksFolder(gitFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "proc-receive");
  writeFileAtomically(path, hook);
  chmodSync(path, 0o700);
}
