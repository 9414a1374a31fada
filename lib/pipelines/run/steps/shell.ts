import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { failed, isTrue, succeeded, type StepCall, type StepEnd } from "../step-call.ts";

/** Runs a script as Bash@3 does: without `-e`, in the folder of the sources. */
export async function runBash(call: StepCall): Promise<StepEnd> {
  const isFile = call.step.kind === "task" && call.input("targetType").toLowerCase() !== "inline";
  if (!isFile) return await runScript(call, scriptOf(call, "bash"), []);
  const path = call.input("filePath");
  if (path === "") return failed("It names no script: filePath is empty.");
  const file = resolve(sourcesOf(call), path);
  // Arguments are words of the shell, as in the service.
  return await runScript(
    call,
    `. '${file.replaceAll("'", String.raw`'\''`)}' ${call.input("arguments")}`.trim(),
    [],
  );
}

/** Runs a script as CmdLine@2 does: without any profile. */
export async function runCmdLine(call: StepCall): Promise<StepEnd> {
  return await runScript(call, scriptOf(call, "script"), ["--noprofile", "--norc"]);
}

/** The script of a short form, or of a task's input. */
function scriptOf({ step, job, input }: StepCall, kind: string): string {
  return step.kind === kind ? job.variables.expand(step.main.text) : input("script");
}

/** Writes a script to a file of the job and runs bash on it. */
export async function runScript(call: StepCall, script: string, words: readonly string[]): Promise<StepEnd> {
  const { temp } = call.job.identity.folders;
  await mkdir(temp, { recursive: true });
  const file = join(temp, `${randomUUID()}.sh`);
  await writeFile(file, `${script}\n`, { mode: 0o600 });
  return await runCommand(call, ["bash", ...words, file]);
}

/** Runs a program in the working folder of the step; any exit code but 0 is a failure. */
export async function runCommand(
  call: StepCall,
  [command = "", ...words]: readonly string[],
): Promise<StepEnd> {
  const cwd = workingFolder(call);
  if (!isFolder(cwd)) return failed(`Its working folder does not exist: ${cwd}.`);
  let wroteErrors = false;
  const end = await call.job.programs.run({
    command,
    words,
    cwd,
    env: call.environment(),
    signal: call.signal,
    onLine: (text, stream) => {
      if (stream === "error") wroteErrors = true;
      call.onLine(text);
    },
    uncut: (text) => call.job.run.masker.uncut(text),
  });
  if (end.notStarted !== undefined) return failed(`${command} was not started: ${end.notStarted}.`);
  if (end.exitCode !== 0) return failed(exitText(end.exitCode));
  const isStrict = isTrue(call.input("failOnStderr") || call.input("failOnStandardError"));
  return isStrict && wroteErrors ? failed("It wrote to standard error.") : succeeded;
}

function exitText(exitCode: number | undefined): string {
  return exitCode === undefined ? "A signal ended it." : `It ended with exit code ${exitCode}.`;
}

function workingFolder(call: StepCall): string {
  return resolve(sourcesOf(call), call.input("workingDirectory") || call.input("cwd"));
}

/** System.DefaultWorkingDirectory, the folder that relative paths of a step start from. */
export function sourcesOf({ job }: StepCall): string {
  return job.variables.valueOf("System.DefaultWorkingDirectory") ?? job.identity.folders.sources;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
