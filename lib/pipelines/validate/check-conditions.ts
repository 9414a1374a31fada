import { toBoolean } from "../expressions/convert.ts";
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
import { placeIn } from "../yaml-node.ts";
import { includes, judgeJob, judgeStage, judgeStageVariable, only, type Judge } from "./judge-references.ts";

type Functions = ReadonlyMap<string, Arity>;

const status = new Set(["always", "canceled", "succeeded", "failed", "succeededorfailed"]);
const wholeRuntime = /^\s*\$\[(.*)\]\s*$/s;

/** Conditions and `$[ … ]`: their syntax, their functions, and whether what they read is there. */
export function checkConditions(pipeline: PipelineModel): readonly PipelineProblem[] {
  const stages = pipeline.stages.map((stage, index) => ({ stage, before: stagesBefore(pipeline, index) }));
  return [
    ...checkVariables(pipeline, only(["variables", "pipeline"])),
    ...stages.flatMap(({ stage, before }) => checkStage(stage, before)),
  ];
}

/** The stages whose results a stage can read: those that it depends on. */
function stagesBefore(pipeline: PipelineModel, index: number): readonly StageModel[] {
  const { dependsOn } = pipeline.stages[index] ?? {};
  if (dependsOn === undefined) return pipeline.stages.slice(Math.max(0, index - 1), index);
  return pipeline.stages.filter(({ name }) => includes(dependsOn, name));
}

function checkStage(stage: StageModel, before: readonly StageModel[]): readonly PipelineProblem[] {
  const judge: Judge = (reference) => judgeStage(reference, before);
  return [
    ...checkCondition(stage.condition, judge),
    ...checkVariables(stage, (reference) => judgeStageVariable(reference, before)),
    ...stage.jobs.flatMap((job) => checkJob(job, stage, before)),
  ];
}

function checkJob(
  job: JobModel,
  stage: StageModel,
  stages: readonly StageModel[],
): readonly PipelineProblem[] {
  const before = stage.jobs.filter(({ name }) => includes(job.dependsOn, name));
  const judge: Judge = (reference) => judgeJob(reference, before, stages);
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
  const tree = parse(condition, conditionFunctions);
  if (!("kind" in tree)) return [tree];
  const found = checkReferences(tree, condition, judge);
  return [...found, ...checkMacros(condition), ...checkCare(tree, condition)];
}

function checkMacros(condition: PlacedText): readonly PipelineProblem[] {
  const [macro, name = ""] = /\$\(([\w.]+)\)/.exec(condition.text) ?? [];
  if (macro === undefined) return [];
  const message = `${macro} stays as it is in a condition.`;
  return [{ at: condition.at, message, hint: `Write variables['${name}'].`, isAdvice: true }];
}

/** A condition of one's own replaces succeeded(); one that never holds, or that asks for results, may. */
function checkCare(tree: Node, { at }: PlacedText): readonly PipelineProblem[] {
  const isFalse = tree.kind === "literal" && !toBoolean(tree.value);
  const asks = callsIn(tree).some((name) => status.has(name)) || referencesIn(tree).some(isAboutResults);
  if (isFalse || asks) return [];
  const message = "The condition says nothing of what ran before, so it also holds after a failure.";
  return [{ at, message, hint: "Write and(succeeded(), …).", isAdvice: true }];
}

function isAboutResults({ path }: Reference): boolean {
  const [context = "", ...others] = path.map((part) => part.toLowerCase());
  return others.includes("result") || (context === "variables" && others[0] === "agent.jobstatus");
}

function checkVariables(
  { variables }: { readonly variables: PipelineModel["variables"] },
  judge: Judge,
): readonly PipelineProblem[] {
  return variables.flatMap(({ value }) => {
    if (!value.text.includes("$[")) return [];
    const inner = wholeRuntime.exec(value.text)?.[1];
    if (inner === undefined) {
      const message = "$[ … ] must be the whole value of a variable.";
      return [{ at: value.at, message, isAdvice: true as const }];
    }
    const tree = parse(value, variableFunctions, inner);
    return "kind" in tree ? checkReferences(tree, value, orResource(judge)) : [tree];
  });
}

/** The repositories that a pipeline declares are known to its variables. */
function orResource(judge: Judge): Judge {
  return (reference) => (reference.path[0]?.toLowerCase() === "resources" ? undefined : judge(reference));
}

function parse(text: PlacedText, functions: Functions, inner = text.text): Node | PipelineProblem {
  const start = text.text.indexOf(inner);
  try {
    return parseExpression(inner, { functions }) ?? { at: text.at, message: "The expression is empty." };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { at: placeIn(text, start + error.offset), message: error.message };
  }
}

function checkReferences(tree: Node, text: PlacedText, judge: Judge): readonly PipelineProblem[] {
  return referencesIn(tree).flatMap((reference) => {
    const message = judge(reference);
    return message === undefined ? [] : [{ at: placeIn(text, reference.offset), message }];
  });
}
