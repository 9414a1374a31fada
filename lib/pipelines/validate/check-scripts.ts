import { nearest } from "../../errors/nearest.ts";
import { stepsOf, type PipelineModel, type PlacedText, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { placeIn } from "../yaml-node.ts";
import { scriptsOf, type Script } from "./scripts.ts";

/** What somebody outside the team can choose: names of branches, messages, titles. */
const foreign =
  /\$\((?:Build\.(?:SourceBranch(?:Name)?|SourceVersionMessage|SourceVersionAuthor|RequestedFor|QueuedBy)|System\.PullRequest\.(?:SourceBranch|TargetBranch)\w*|resources\.[\w.]*(?:sourceBranch|runName))\)/gi;
const accessToken = /\$\(System\.AccessToken\)/gi;
const piped = /\b(?:curl|wget)\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/g;
const strict = /^\s*set\s+-(?:[a-z]*e|o\s+errexit)/m;
const command = /##vso\[\s*([^\]\s]*)([^\]]*)(\]?)/g;

const commands: readonly string[] = [
  ...["setvariable", "setsecret", "logissue", "complete", "uploadsummary", "uploadfile"].map(ofTask),
  ...["addattachment", "prependpath", "setprogress", "logdetail", "setendpoint"].map(ofTask),
  ...["settaskvariable", "debug", "issue"].map(ofTask),
  "artifact.upload",
  "artifact.associate",
  "results.publish",
  "codecoverage.publish",
  "build.addbuildtag",
  "build.updatebuildnumber",
  "build.uploadlog",
  "release.updatereleasename",
  "telemetry.publish",
];

function ofTask(name: string): string {
  return `task.${name}`;
}

/** Scripts that let foreign text or a credential become code, go on after a failure, or command what does not exist. */
export function checkScripts(pipeline: PipelineModel): readonly PipelineProblem[] {
  const steps = pipeline.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf));
  return steps.flatMap((step) => [
    ...checkArguments(step),
    ...scriptsOf(step).flatMap((script) => [
      ...checkForeign(script.text),
      ...checkDownloads(script.text),
      ...checkFailures(script),
      ...checkCommands(script.text),
    ]),
  ]);
}

function checkArguments({ inputs }: StepModel): readonly PipelineProblem[] {
  return inputs
    .filter(([name]) => ["arguments", "scriptarguments"].includes(name.toLowerCase()))
    .flatMap(([, text]) => checkForeign(text));
}

function checkForeign(text: PlacedText): readonly PipelineProblem[] {
  const found = [...text.text.matchAll(foreign)].map(({ 0: macro, index }) => ({
    at: placeIn(text, index),
    message: `${macro} can hold the syntax of a shell and must not stand in a script.`,
    hint: "Map it in env and read it as a variable of the shell.",
    isAdvice: true as const,
  }));
  const tokens = [...text.text.matchAll(accessToken)].map(({ index }) => ({
    at: placeIn(text, index),
    message: "A credential must not stand in a script.",
    hint: "Map it in env.",
    isAdvice: true as const,
  }));
  return [...found, ...tokens];
}

function checkDownloads(text: PlacedText): readonly PipelineProblem[] {
  return [...text.text.matchAll(piped)].map(({ index }) => ({
    at: placeIn(text, index),
    message: "The script runs what it downloads, whatever that is.",
    hint: "Download it, compare its digest, and run it then.",
    isAdvice: true,
  }));
}

function checkFailures({ text, language }: Script): readonly PipelineProblem[] {
  if (language !== "shell" || !isLong(text.text) || strict.test(text.text)) return [];
  const message = "A script of several lines goes on after a failure.";
  return [{ at: text.at, message, hint: "Begin it with set -euo pipefail.", isAdvice: true }];
}

/** More than one command: lines that neither continue the one before nor are comments. */
function isLong(script: string): boolean {
  const lines = script.replaceAll("\\\n", " ").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.trim().startsWith("#")).length > 1;
}

function checkCommands(text: PlacedText): readonly PipelineProblem[] {
  return [...text.text.matchAll(command)].flatMap(({ 1: name = "", 2: rest = "", 3: end, index }) => {
    const at = placeIn(text, index);
    if (end !== "]") return [{ at, message: "The logging command is not closed by ']'." }];
    // A name that the shell computes may be any.
    if (!name.includes("$") && !commands.includes(name.toLowerCase())) {
      const meant = nearest(name, commands);
      const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
      return [{ at, message: `There is no logging command '${name}'.`, ...hint }];
    }
    if (name.toLowerCase() !== "task.setvariable" || /\bvariable=[^;]/i.test(rest)) return [];
    return [{ at, message: "task.setvariable needs the name of a variable." }];
  });
}
