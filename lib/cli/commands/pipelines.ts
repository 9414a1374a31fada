import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { corePipelines } from "../../answers/pipelines.ts";
import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { pipelinesMissing } from "../../errors/catalogue/pipelines.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import type { Value } from "../../pipelines/expressions/value.ts";
import { readParameters } from "../../pipelines/parameters.ts";
import { parseYamlNode } from "../../pipelines/parse-yaml-node.ts";
import { PipelineError, type PipelineProblem } from "../../pipelines/problem.ts";
import { validatePipeline } from "../../pipelines/validate/validate-pipeline.ts";
import { entryOf } from "../../pipelines/yaml-node.ts";
import type { CommandOutcome, RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { existingFolder } from "../existing-folder.ts";
import type { FoundPipeline } from "../pipelines/find-pipeline.ts";
import { findRepositories, readersFor, type OtherRepositories } from "../pipelines/pipeline-files.ts";
import { compileTimeVariables } from "../pipelines/prepare-run.ts";
import { readModelAnswers } from "../pipelines/read-model-answers.ts";

/** Judges every pipeline of a repository and runs none. */
export const runPipelines: RunCommand = async (input, context) => {
  const [action = "", where = "."] = input.positionals;
  if (action !== "check") {
    const given = action === "" ? "an action is missing" : `${JSON.stringify(action)} is not an action`;
    throw wrongUsage(`eac-model pipelines: ${given}.`, "Use eac-model pipelines check.");
  }
  const folder = existingFolder(context.cwd, where);
  const answers = readModelAnswers(folder);
  const branch = answers?.default_branch ?? "main";
  const given = input.values.get("repository") ?? [];
  const repositories = await findRepositories(given, { cwd: context.cwd, answers });
  const found = pipelinesIn(folder, answers);
  if (found.length === 0) throw pipelinesMissing(folder);
  const checked = found.map((pipeline) => ({
    file: pipeline.file,
    problems: check({ folder, branch, repositories }, pipeline),
  }));
  return show(context, checked);
};

/** Those of the table, and every other file beside them that holds a pipeline. */
function pipelinesIn(folder: string, answers: Answers | undefined): readonly FoundPipeline[] {
  const known = answers === undefined ? [] : corePipelines(answers);
  const own = join(folder, "pipelines");
  const files = existsSync(own) ? readdirSync(own).map((name) => `pipelines/${name}`) : [];
  const others = [...files, "azure-pipelines.yml"]
    .filter((file) => file.endsWith(".yml") && !known.some((pipeline) => pipeline.file === file))
    .filter((file) => isPipeline(join(folder, file)));
  return [...known, ...others.map((file) => ({ kind: undefined, name: file, file }))];
}

/** Templates of variables have no work to do. */
function isPipeline(path: string): boolean {
  return existsSync(path) && /^(?:stages|jobs|steps|extends):/m.test(readFileSync(path, "utf8"));
}

interface Repository {
  readonly folder: string;
  readonly branch: string;
  readonly repositories: OtherRepositories;
}

function check(
  { folder, branch, repositories }: Repository,
  pipeline: FoundPipeline,
): readonly PipelineProblem[] {
  const readers = readersFor(folder, pipeline.file, repositories);
  const source = { repository: folder, branch, commit: "" };
  return validatePipeline({
    file: pipeline.file,
    ...readers,
    parameters: samples(readers.read({ alias: "self", path: pipeline.file }), pipeline.file),
    variables: compileTimeVariables(source, pipeline),
    isForPullRequests: pipeline.kind === "pr",
  }).problems;
}

/** Some value for each parameter that a person has to give. */
function samples(text: string | undefined, file: string): Readonly<Record<string, Value>> {
  try {
    const root = parseYamlNode(text ?? "", file);
    const { parameters } = readParameters(entryOf(root, "parameters"));
    const needed = parameters.filter(
      (parameter) => parameter.default === undefined && parameter.values.length === 0,
    );
    return Object.fromEntries(needed.map(({ name, type }) => [name, sampleOf(type)]));
  } catch (error) {
    // What is wrong with the file is found again, and told, when it is judged.
    if (error instanceof PipelineError) return {};
    throw error;
  }
}

function sampleOf(type: string): Value {
  if (type === "number") return "1";
  if (type === "boolean") return "true";
  if (type === "object") return {};
  return type.endsWith("List") ? [] : "sample";
}

function show(
  { reporter }: Context,
  checked: readonly { readonly file: string; readonly problems: readonly PipelineProblem[] }[],
): CommandOutcome {
  const all = new Map(
    checked.flatMap(({ problems }) => problems).map((problem) => [formatFinding(problem), problem]),
  );
  for (const text of all.keys()) reporter.report({ type: "line", text });
  const faults = [...all.values()].filter(({ isAdvice }) => isAdvice !== true);
  const count = checked.length === 1 ? "one pipeline" : `${checked.length} pipelines`;
  const end =
    all.size === 0 ? `Checked ${count}: nothing was found.` : `Checked ${count}: ${all.size} findings.`;
  reporter.report({ type: "line", text: end });
  return {
    exitCode: faults.length === 0 ? exitCodes.done : exitCodes.preconditionFailed,
    value: { pipelines: checked },
  };
}

/** As editors and terminals link it. */
function formatFinding({ at, message, hint }: PipelineProblem): string {
  return `${at.file}:${at.line}: ${message}${hint === undefined ? "" : ` ${hint}`}`;
}
