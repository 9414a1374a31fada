import { ExpressionError } from "../expressions/expression-error.ts";
import { parseExpression, type Arity, type Node } from "../expressions/parse.ts";
import { callsIn, referencesIn, type Reference } from "../expressions/references.ts";
import { conditionFunctions, variableFunctions } from "../expressions/runtime-functions.ts";
import {
  stepsOf,
  type JobModel,
  type PipelineModel,
  type PlacedText,
  type StageModel,
  type StepModel,
} from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";

type Functions = ReadonlyMap<string, Arity>;
type Judge = (reference: Reference) => string | undefined;

const status = new Set(["always", "canceled", "succeeded", "failed", "succeededorfailed"]);
const wholeRuntime = /^\s*\$\[(.*)\]\s*$/s;

/** Conditions and `$[ … ]`: their syntax, their functions, and whether what they read is there. */
export function checkConditions(pipeline: PipelineModel): readonly PipelineProblem[] {
  const stages = pipeline.stages.map((stage, index) => ({ stage, before: stagesBefore(pipeline, index) }));
  return [
    ...checkVariables(pipeline, only(["variables", "pipeline"])),
    ...stages.flatMap(({ stage, before }) => checkStage(stage, before, pipeline)),
  ];
}

/** The stages whose results a stage can read: those that it depends on. */
function stagesBefore(pipeline: PipelineModel, index: number): readonly StageModel[] {
  const { dependsOn } = pipeline.stages[index] ?? {};
  if (dependsOn === undefined) return pipeline.stages.slice(Math.max(0, index - 1), index);
  return pipeline.stages.filter(({ name }) => includes(dependsOn, name));
}

function checkStage(
  stage: StageModel,
  before: readonly StageModel[],
  pipeline: PipelineModel,
): readonly PipelineProblem[] {
  const judge: Judge = (reference) => judgeStage(reference, before);
  return [
    ...checkCondition(stage.condition, judge),
    ...checkVariables(stage, only(["variables", "pipeline"])),
    ...stage.jobs.flatMap((job) => checkJob(job, stage, pipeline)),
  ];
}

function checkJob(job: JobModel, stage: StageModel, pipeline: PipelineModel): readonly PipelineProblem[] {
  const before = stage.jobs.filter(({ name }) => includes(job.dependsOn, name));
  const judge: Judge = (reference) => judgeJob(reference, before, pipeline);
  return [
    ...checkCondition(job.condition, judge),
    ...checkVariables(job, judge),
    ...stepsOf(job).flatMap(checkStep),
  ];
}

function checkStep(step: StepModel): readonly PipelineProblem[] {
  return checkCondition(step.condition, only(["variables"]));
}

function checkCondition(condition: PlacedText | undefined, judge: Judge): readonly PipelineProblem[] {
  if (condition === undefined || condition.text.trim() === "") return [];
  const tree = parse(condition, condition.text, conditionFunctions);
  if (!("kind" in tree)) return [tree];
  const found = checkReferences(tree, condition, judge);
  const isCareless = !callsIn(tree).some((name) => status.has(name));
  if (!isCareless) return found;
  const message = "The condition says nothing of what ran before, so it also holds after a failure.";
  return [...found, { at: condition.at, message, hint: "Write and(succeeded(), …)." }];
}

function checkVariables(
  { variables }: { readonly variables: PipelineModel["variables"] },
  judge: Judge,
): readonly PipelineProblem[] {
  return variables.flatMap(({ value }) => {
    if (!value.text.includes("$[")) return [];
    const inner = wholeRuntime.exec(value.text)?.[1];
    if (inner === undefined)
      return [{ at: value.at, message: "$[ … ] must be the whole value of a variable." }];
    const tree = parse(value, inner, variableFunctions);
    return "kind" in tree ? checkReferences(tree, value, judge) : [tree];
  });
}

function parse({ at }: PlacedText, text: string, functions: Functions): Node | PipelineProblem {
  try {
    const tree = parseExpression(text, { functions });
    return tree ?? { at, message: "The expression is empty." };
  } catch (error) {
    if (error instanceof ExpressionError) return { at, message: error.message };
    throw error;
  }
}

function checkReferences(tree: Node, { at }: PlacedText, judge: Judge): readonly PipelineProblem[] {
  return referencesIn(tree).flatMap((reference) => {
    const message = judge(reference);
    return message === undefined ? [] : [{ at, message }];
  });
}

function only(names: readonly string[]): Judge {
  return ({ path: [first = ""] }) =>
    names.includes(first.toLowerCase())
      ? undefined
      : `'${first}' is not known here; only ${names.join(" and ")} are.`;
}

function judgeStage(reference: Reference, before: readonly StageModel[]): string | undefined {
  const [context = "", stageName = "", what = "", path = ""] = reference.path;
  if (context.toLowerCase() !== "dependencies")
    return only(["variables", "pipeline", "dependencies"])(reference);
  const stage = before.find(({ name }) => same(name, stageName));
  if (stage === undefined) return `dependencies.${stageName} is no stage that this one depends on.`;
  if (!same(what, "outputs")) return judgeResult(what);
  const [jobName = "", ...rest] = path.split(".");
  const job = stage.jobs.find(({ name }) => same(name, jobName));
  if (job === undefined) return `The stage '${stageName}' has no job '${jobName}' in outputs['${path}'].`;
  return judgeOutput(job, rest.join("."), path);
}

function judgeJob(
  reference: Reference,
  before: readonly JobModel[],
  pipeline: PipelineModel,
): string | undefined {
  const [context = "", ...path] = reference.path;
  if (same(context, "dependencies")) return judgeDependency(path, before);
  if (same(context, "stageDependencies")) return judgeStageDependency(path, pipeline);
  return only(["variables", "pipeline", "dependencies", "stageDependencies"])(reference);
}

function judgeDependency(
  [name = "", what = "", output = ""]: readonly string[],
  before: readonly JobModel[],
): string | undefined {
  const job = before.find((candidate) => same(candidate.name, name));
  if (job === undefined) return `dependencies.${name} is no job that this one depends on.`;
  return same(what, "outputs") ? judgeOutput(job, output, output) : judgeResult(what);
}

function judgeStageDependency(
  [stageName = "", ...rest]: readonly string[],
  { stages }: PipelineModel,
): string | undefined {
  const stage = stages.find(({ name }) => same(name, stageName));
  if (stage === undefined) return `There is no stage '${stageName}'.`;
  const [jobName = ""] = rest;
  if (!stage.jobs.some(({ name }) => same(name, jobName))) {
    return `The stage '${stageName}' has no job '${jobName}'.`;
  }
  return judgeDependency(rest, stage.jobs);
}

function judgeResult(what: string): string | undefined {
  return same(what, "result") ? undefined : `There is result and outputs to read, no '${what}'.`;
}

/** `step.variable`; of a deployment its own name or that of a hook stands before it. */
function judgeOutput(job: JobModel, path: string, shown: string): string | undefined {
  const parts = path.split(".");
  const own = job.isDeployment ? 1 : 0;
  if (parts.length < own + 2) {
    const form = job.isDeployment ? `${job.name}.step.variable` : "step.variable";
    return `outputs['${shown}'] of '${job.name}' must have the form ${form}.`;
  }
  const [prefix = ""] = parts;
  if (job.strategy === "runOnce" && !same(prefix, job.name)) {
    return `outputs['${shown}'] of the deployment '${job.name}' must begin with its name.`;
  }
  const step = parts[own] ?? "";
  const names = stepsOf(job).flatMap(({ name }) => name?.text ?? []);
  return names.some((name) => same(name, step))
    ? undefined
    : `The job '${job.name}' has no step named '${step}'.`;
}

function includes(names: readonly PlacedText[], name: string): boolean {
  return names.some(({ text }) => same(text, name));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
