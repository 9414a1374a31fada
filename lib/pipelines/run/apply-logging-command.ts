import { isUtf8 } from "node:buffer";
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isArtifactName } from "./artifact-name.ts";
import { filesBelow } from "./files-below.ts";
import type { LoggingCommand } from "./logging-command.ts";
import type { RunResult } from "./run-types.ts";
import type { StepCall } from "./step-call.ts";
import type { Variable } from "./variables.ts";

/** Does what a command asks for; the results are those that the step gets by it. */
type Apply = (command: LoggingCommand, call: StepCall) => readonly RunResult[];

/** Obeys a command in the output of a step, at once; one that is wrong is an error and fails the step, as in the service. */
export function applyLoggingCommand(command: LoggingCommand, call: StepCall): readonly RunResult[] {
  const apply = commands.get(command.name);
  if (apply === undefined) {
    call.issue("warning", `There is no logging command ##vso[${command.name}].`);
    return [];
  }
  try {
    return apply(command, call);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    call.issue("error", `##vso[${command.name}] was not obeyed: ${why}`);
    return ["failed"];
  }
}

const commands: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ["task.setvariable", setVariable],
  ["task.setsecret", setSecret],
  ["task.logissue", logIssue],
  ["task.issue", logIssue],
  ["task.complete", complete],
  ["task.prependpath", prependPath],
  ["task.setprogress", setProgress],
  ["task.logdetail", () => []],
  ["task.debug", () => []],
  ["task.uploadsummary", keepSummary],
  ["task.uploadfile", keepFile("files")],
  ["task.addattachment", keepFile("attachments")],
  ["build.uploadlog", keepFile("files")],
  ["artifact.upload", uploadArtifact],
  ["build.addbuildtag", addTag],
  ["build.updatebuildnumber", updateNumber],
  // What tasks tell about themselves.
  ["telemetry.publish", () => []],
  ...[
    "artifact.associate",
    "results.publish",
    "codecoverage.publish",
    "task.setendpoint",
    "task.settaskvariable",
    "release.updatereleasename",
  ].map((name) => [name, tellNotEmulated] as const),
]);

function tellNotEmulated({ name }: LoggingCommand, { job, at }: StepCall): readonly RunResult[] {
  job.run.report.tell({ type: "not emulated", at, what: `the logging command ##vso[${name}]` });
  return [];
}

function setVariable(command: LoggingCommand, call: StepCall): readonly RunResult[] {
  const { job } = call;
  const { name, isOutput, ...given } = readVariable(command);
  if (given.isSecret) job.run.masker.add(given.value);
  const full = isOutput ? `${call.step.name?.text ?? `step${call.at.step ?? 0}`}.${name}` : name;
  if (job.variables.get(full)?.isReadonly === true) throw new Error(`the variable '${name}' is read-only.`);
  const variable = { name: full, ...given };
  job.variables.set(variable);
  if (isOutput) job.outputs.set(full, variable);
  return [];
}

function readVariable({ properties, message }: LoggingCommand): Variable & { readonly isOutput: boolean } {
  const is = (key: string): boolean => properties.get(key)?.toLowerCase() === "true";
  const name = properties.get("variable") ?? "";
  if (name === "") throw new Error("it names no variable.");
  const isSecret = is("issecret");
  if (isSecret && /[\r\n]/.test(message)) throw new Error(`the secret '${name}' has several lines.`);
  return { name, value: message, isSecret, isReadonly: is("isreadonly"), isOutput: is("isoutput") };
}

function setSecret({ message }: LoggingCommand, { job }: StepCall): readonly RunResult[] {
  job.run.masker.add(message);
  return [];
}

function logIssue({ properties, message }: LoggingCommand, call: StepCall): readonly RunResult[] {
  const kind = properties.get("type")?.toLowerCase();
  if (kind !== "error" && kind !== "warning") throw new Error("its type must be error or warning.");
  const place = ["sourcepath", "linenumber", "columnnumber"].flatMap((key) => properties.get(key) ?? []);
  const code = properties.get("code");
  const prefix = place.length === 0 ? "" : `${place.join(":")}: `;
  call.issue(kind, `${prefix}${message}${code === undefined ? "" : ` (${code})`}`);
  return [];
}

/** The agent knows them in this spelling only. */
const completions: Readonly<Record<string, RunResult>> = {
  Succeeded: "succeeded",
  SucceededWithIssues: "succeededWithIssues",
  Failed: "failed",
  Canceled: "canceled",
  Skipped: "skipped",
};

function complete({ properties, message }: LoggingCommand, call: StepCall): readonly RunResult[] {
  const wanted = properties.get("result");
  if (wanted === undefined) throw new Error("it names no result.");
  const result = Object.hasOwn(completions, wanted) ? completions[wanted] : undefined;
  if (result === undefined) {
    throw new Error(`${JSON.stringify(wanted)} is no result; write ${Object.keys(completions).join(", ")}.`);
  }
  if (message !== "") call.say(message);
  return [result];
}

function prependPath({ message }: LoggingCommand, { job }: StepCall): readonly RunResult[] {
  if (message === "") throw new Error("it names no folder.");
  job.paths.push(message);
  return [];
}

function setProgress({ properties, message }: LoggingCommand, call: StepCall): readonly RunResult[] {
  const value = properties.get("value");
  call.say(`${message}${value === undefined ? "" : ` ${value} %`}`.trim());
  return [];
}

/** Shown on the page of a run in the service; here a file beside its logs. */
function keepSummary(command: LoggingCommand, call: StepCall): readonly RunResult[] {
  return keepFile("summaries")(command, call);
}

function keepFile(kind: string): Apply {
  return ({ message }, { job, at, say }) => {
    const source = resolve(job.identity.folders.sources, message);
    const folder = join(job.run.request.folder, kind, `${at.stage ?? ""}.${at.job ?? ""}`);
    const bytes = readFileSync(source);
    const isText = isUtf8(bytes);
    mkdirSync(folder, { recursive: true });
    const target = join(folder, basename(source));
    writeFileSync(target, isText ? job.run.masker.mask(bytes.toString("utf8")) : bytes);
    say(`Kept ${basename(source)}.`);
    return [];
  };
}

/** Files of several commands come together in one artifact. */
function uploadArtifact(
  { properties, message }: LoggingCommand,
  { job, say }: StepCall,
): readonly RunResult[] {
  const { run, identity } = job;
  const name = properties.get("artifactname") ?? "";
  if (!isArtifactName(name)) throw new Error(`${JSON.stringify(name)} is no name for an artifact.`);
  const source = resolve(identity.folders.sources, message);
  const isFile = statSync(source).isFile();
  const folder = join(run.request.folder, "artifacts", name);
  for (const file of isFile ? [basename(source)] : filesBelow(source)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(isFile ? source : join(source, file), join(folder, file));
  }
  mkdirSync(folder, { recursive: true });
  if (!run.artifacts.has(name)) run.report.tell({ type: "artifact", name, folder });
  run.artifacts.set(name, folder);
  say(`Added ${basename(source)} to the artifact ${name}.`);
  return [];
}

function addTag({ message }: LoggingCommand, { job }: StepCall): readonly RunResult[] {
  if (message.trim() === "") throw new Error("the tag is empty.");
  job.run.tags.add(message.trim());
  return [];
}

function updateNumber({ message }: LoggingCommand, { job }: StepCall): readonly RunResult[] {
  const value = message.trim();
  if (value === "") throw new Error("the number is empty.");
  job.run.number = value;
  job.variables.set({ name: "Build.BuildNumber", value, isSecret: false, isReadonly: false });
  return [];
}
