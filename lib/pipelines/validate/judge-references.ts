import type { Reference } from "../expressions/references.ts";
import { stepsOf, type JobModel, type PlacedText, type StageModel } from "../pipeline-model.ts";
import { entriesOf, entryOf } from "../yaml-node.ts";
import { scriptsOf } from "./scripts.ts";

/** Says what is wrong with something that an expression reads; undefined where nothing is. */
export type Judge = (reference: Reference) => string | undefined;

/** Only some names may be read. */
export function only(names: readonly string[]): Judge {
  return ({ path: [first = ""] }) =>
    names.some((name) => same(name, first))
      ? undefined
      : `'${first}' is not known here; only ${names.join(" and ")} are.`;
}

/** What the condition of a stage may read of the stages that it depends on. */
export function judgeStage(reference: Reference, before: readonly StageModel[]): string | undefined {
  const [context = "", stageName = "", what = "", path = ""] = reference.path;
  if (!same(context, "dependencies")) return only(["variables", "pipeline", "dependencies"])(reference);
  if (reference.path.length === 1) return undefined;
  const stage = before.find(({ name }) => same(name, stageName));
  if (stage === undefined) return `dependencies.${stageName} is no stage that this one depends on.`;
  return same(what, "outputs") ? judgeStageOutput(stage, path) : judgeResult(what);
}

function judgeStageOutput(stage: StageModel, path: string): string | undefined {
  const [jobName = "", ...rest] = path.split(".");
  const job = stage.jobs.find(({ name }) => same(name, jobName));
  if (job === undefined) return `The stage '${stage.name}' has no job '${jobName}' in outputs['${path}'].`;
  return judgeOutput(job, rest.join("."), path);
}

/** What the variables of a stage may read. */
export function judgeStageVariable(reference: Reference, before: readonly StageModel[]): string | undefined {
  const [context = "", ...path] = reference.path;
  if (same(context, "stageDependencies")) return judgeStageDependency(path, before);
  return only(["variables", "pipeline", "stageDependencies"])(reference);
}

/** What a job may read of the jobs that it depends on, and of the stages that its stage depends on. */
export function judgeJob(
  reference: Reference,
  before: readonly JobModel[],
  stages: readonly StageModel[],
): string | undefined {
  const [context = "", ...path] = reference.path;
  if (same(context, "dependencies")) return judgeDependency(path, before);
  if (same(context, "stageDependencies")) return judgeStageDependency(path, stages);
  return only(["variables", "pipeline", "dependencies", "stageDependencies"])(reference);
}

function judgeDependency(path: readonly string[], before: readonly JobModel[]): string | undefined {
  const [name = "", what = "", output = ""] = path;
  if (path.length === 0) return undefined;
  const job = before.find((candidate) => same(candidate.name, name));
  if (job === undefined) return `dependencies.${name} is no job that this one depends on.`;
  return same(what, "outputs") ? judgeOutput(job, output, output) : judgeResult(what);
}

function judgeStageDependency(path: readonly string[], before: readonly StageModel[]): string | undefined {
  const [stageName = "", ...rest] = path;
  if (path.length === 0) return undefined;
  const stage = before.find(({ name }) => same(name, stageName));
  if (stage === undefined) return `stageDependencies.${stageName} is no stage that this one depends on.`;
  const [jobName = ""] = rest;
  if (!stage.jobs.some(({ name }) => same(name, jobName))) {
    return `The stage '${stageName}' has no job '${jobName}'.`;
  }
  return judgeDependency(rest, stage.jobs);
}

function judgeResult(what: string): string | undefined {
  return same(what, "result") ? undefined : `There is result and outputs to read, no '${what}'.`;
}

/** `step.variable`; of a deployment its own name or that of a hook stands before it, of a matrix that of a leg. */
function judgeOutput(job: JobModel, path: string, shown: string): string | undefined {
  const parts = path.split(".");
  const legs = legsOf(job);
  const own = job.isDeployment || legs !== undefined ? 1 : 0;
  if (parts.length < own + 2)
    return `outputs['${shown}'] of '${job.name}' must have the form ${formOf(job, own)}.`;
  return (
    judgePrefix(job, { prefix: parts[0] ?? "", legs, shown }) ??
    judgeStepOutput(job, parts[own] ?? "", parts.slice(own + 1).join("."))
  );
}

interface Prefix {
  readonly prefix: string;
  readonly legs: readonly string[] | undefined;
  readonly shown: string;
}

function judgePrefix(job: JobModel, { prefix, legs = [], shown }: Prefix): string | undefined {
  const isOwn = same(prefix, job.name) || job.hooks.some(({ name }) => same(prefix, name));
  if (job.strategy === "runOnce" && !isOwn && !isResourcePrefix(prefix, job)) {
    return `outputs['${shown}'] of the deployment '${job.name}' must begin with its name.`;
  }
  if (legs.length > 0 && !legs.some((leg) => same(leg, prefix))) {
    return `outputs['${shown}'] of '${job.name}' must begin with a leg of its matrix.`;
  }
  return undefined;
}

function formOf(job: JobModel, own: number): string {
  if (own === 0) return "step.variable";
  return job.isDeployment ? `${job.name}.step.variable` : "leg.step.variable";
}

/** A deployment to a resource of an environment writes `Deploy_<resource>`. */
function isResourcePrefix(prefix: string, job: JobModel): boolean {
  const environment = entryOf(job.node, "environment");
  const named = entryOf(environment, "resourceName") ?? entryOf(environment, "resourceType");
  return named !== undefined || job.environment?.text.includes(".") === true
    ? prefix.toLowerCase().startsWith("deploy_")
    : false;
}

/** The legs of a job with a matrix; none are known where they are computed; undefined without one. */
function legsOf({ node, isDeployment }: JobModel): readonly string[] | undefined {
  const strategy = isDeployment ? undefined : entryOf(node, "strategy");
  if (strategy === undefined) return undefined;
  return entriesOf(entryOf(strategy, "matrix")).map(({ key }) => key.text);
}

function judgeStepOutput(job: JobModel, stepName: string, variable: string): string | undefined {
  const step = stepsOf(job).find(({ name }) => same(name?.text ?? "", stepName));
  if (step === undefined) return `The job '${job.name}' has no step named '${stepName}'.`;
  const set = scriptsOf(step).flatMap(({ text }) => [...text.text.matchAll(setVariable)]);
  const own = set.filter(([, properties = ""]) => same(nameIn(properties), variable));
  if (own.length > 0 && !own.some(isOutput)) {
    return `The step '${stepName}' sets '${variable}' without isoutput=true, so nothing else can read it.`;
  }
  if (own.length > 0 || set.length === 0 || set.some(([, properties = ""]) => nameIn(properties) === ""))
    return undefined;
  return `The step '${stepName}' of the job '${job.name}' sets no variable '${variable}'.`;
}

const setVariable = /##vso\[task\.setvariable\s+([^\]]*)\]/gi;

function isOutput([, properties = ""]: RegExpExecArray): boolean {
  return /isoutput=true/i.test(properties);
}

/** The variable that a logging command sets; empty where the shell computes it. */
function nameIn(properties: string): string {
  return /(?:^|;)\s*variable=([\w.]+)\s*(?:;|$)/i.exec(properties)?.[1] ?? "";
}

/** Whether one of several texts is a name, in any letter case. */
export function includes(names: readonly PlacedText[], name: string): boolean {
  return names.some(({ text }) => same(text, name));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
