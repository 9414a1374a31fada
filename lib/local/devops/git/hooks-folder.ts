import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const refusePush = join(import.meta.dirname, "refuse-push.mjs");
const hook = '#!/bin/sh\nexec "$EAC_MODEL_NODE" "$EAC_MODEL_HOOK"\n';

/** What the hook needs to run and to say. */
export function hookEnvironment(reason: string): Readonly<Record<string, string>> {
  return { EAC_MODEL_NODE: process.execPath, EAC_MODEL_HOOK: refusePush, EAC_MODEL_REFUSAL: reason };
}

/** Makes the one folder of hooks that every repository uses; repositories bring none of their own. */
export function writeHooksFolder(gitFolder: string): string {
  const folder = join(gitFolder, "hooks");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "proc-receive");
  writeFileSync(path, hook);
  chmodSync(path, 0o700);
  return folder;
}
