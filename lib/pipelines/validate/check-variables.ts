import { nearest } from "../../errors/nearest.ts";
import {
  stepsOf,
  type JobModel,
  type PipelineModel,
  type PlacedText,
  type StageModel,
  type StepModel,
  type VariablesModel,
} from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { predefinedVariables } from "./predefined-variables.ts";

const macro = /\$\(([A-Za-z_][\w.]*)\)/g;
const setVariable = /##vso\[task\.setvariable\s+[^\]]*variable=([\w.]+)/g;
const shellKinds = new Set(["bash", "script", "pwsh", "powershell"]);
const predefinedNames = new Set(predefinedVariables.map((name) => name.toLowerCase()));

/** What a place can read by `$(…)`: names in lower case, and whether a variable group may add any name. */
interface Known {
  readonly names: ReadonlySet<string>;
  readonly isOpen: boolean;
}

/** Macros that no variable stands behind; in scripts, where `$(command)` is legal, only those with a dot are judged. */
export function checkVariables(pipeline: PipelineModel): readonly PipelineProblem[] {
  const root = extend({ names: predefinedNames, isOpen: false }, pipeline);
  return pipeline.stages.flatMap((stage) => checkStage(stage, extend(root, stage)));
}

function checkStage(stage: StageModel, known: Known): readonly PipelineProblem[] {
  return stage.jobs.flatMap((job) => checkJob(job, extend(known, job)));
}

function checkJob(job: JobModel, known: Known): readonly PipelineProblem[] {
  const steps = stepsOf(job);
  const set = steps.flatMap(({ main }) => [...main.text.matchAll(setVariable)].map(([, name = ""]) => name));
  const inside: Known = {
    ...known,
    names: new Set([...known.names, ...set.map((name) => name.toLowerCase())]),
  };
  return [
    ...checkTexts(
      job.variables.map(({ value }) => value),
      inside,
    ),
    ...steps.flatMap((step) => checkStep(step, inside)),
  ];
}

function checkStep(step: StepModel, known: Known): readonly PipelineProblem[] {
  const isShell = shellKinds.has(step.kind);
  const plain = [...step.inputs, ...step.env].map(([, value]) => value);
  const own = step.kind === "publish" || step.kind === "download" ? [step.main] : [];
  return [
    ...checkTexts([...plain, ...own], known),
    ...(isShell ? checkTexts([step.main], { ...known, isOpen: false }, (name) => isServiceName(name)) : []),
  ];
}

function isServiceName(name: string): boolean {
  return /^(?:agent|build|system|pipeline|environment|strategy)\./i.test(name);
}

function checkTexts(
  texts: readonly PlacedText[],
  known: Known,
  isJudged: (name: string) => boolean = () => true,
): readonly PipelineProblem[] {
  return texts.flatMap(({ text, at }) =>
    [...text.matchAll(macro)]
      .map(([, name = ""]) => name)
      .filter((name) => isJudged(name) && !isKnown(name, known))
      .map((name) => {
        const meant = nearest(name, predefinedVariables);
        const hint = meant === undefined || !name.includes(".") ? {} : { hint: `Did you mean $(${meant})?` };
        return { at, message: `There is no variable '${name}'.`, ...hint };
      }),
  );
}

function isKnown(name: string, { names, isOpen }: Known): boolean {
  const wanted = name.toLowerCase();
  if (names.has(wanted) || wanted.startsWith("resources.")) return true;
  return isOpen && !isServiceName(name);
}

function extend(known: Known, { variables, groups }: VariablesModel): Known {
  return {
    names: new Set([...known.names, ...variables.map(({ name }) => name.toLowerCase())]),
    isOpen: known.isOpen || groups.length > 0,
  };
}
