import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { failed, type StepCall, type StepEnd } from "../step-call.ts";
import { runCommand, sourcesOf } from "./shell.ts";

/** Runs a script with PowerShell where this machine has it; else the step is skipped and named. */
export async function runPowerShell(call: StepCall): Promise<StepEnd> {
  const { step, job } = call;
  const isTask = step.kind === "task";
  const isFile = isTask && call.input("targetType").toLowerCase() !== "inline";
  const path = call.input("filePath");
  if (isFile && path === "") return failed("It names no script: filePath is empty.");
  const file = isFile
    ? resolve(sourcesOf(call), path)
    : join(job.identity.folders.temp, `${randomUUID()}.ps1`);
  const script = isTask ? call.input("script") : job.variables.expand(step.main.text);
  if (!isFile) await writeFile(file, `$ErrorActionPreference = 'stop'\n${script}\n`, { mode: 0o600 });
  const end = await runCommand(call, ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-File", file]);
  if (end.why?.includes("ENOENT") !== true) return end;
  call.notEmulated("PowerShell, because pwsh is not on this machine");
  return { result: "skipped", why: "pwsh is not on this machine." };
}
