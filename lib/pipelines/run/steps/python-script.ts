import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { failed, type StepCall, type StepEnd } from "../step-call.ts";
import { runScript, sourcesOf } from "./shell.ts";

/** Runs a Python script, of the pipeline or of the repository, with the Python of the job. */
export async function runPythonScript(call: StepCall): Promise<StepEnd> {
  const isInline = call.input("scriptSource").toLowerCase() === "inline";
  const path = call.input("scriptPath");
  if (!isInline && path === "") return failed("It names no script: scriptPath is empty.");
  const file = isInline
    ? join(call.job.identity.folders.temp, `${randomUUID()}.py`)
    : resolve(sourcesOf(call), path);
  if (isInline) await writeFile(file, `${call.input("script")}\n`, { mode: 0o600 });
  const python = call.input("pythonInterpreter") || "python";
  // Arguments are words of the shell, as in the service.
  return await runScript(call, `exec ${word(python)} ${word(file)} ${call.input("arguments")}`, []);
}

function word(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
