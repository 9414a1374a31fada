import { nearest } from "../../errors/nearest.ts";
import { stepsOf, type PipelineModel, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entriesOf, entryOf } from "../yaml-node.ts";
import { checkKeys } from "./check-shape.ts";
import { stepKeys, type Keys } from "./shapes.ts";
import { tasks } from "./tasks.ts";

/** Every step: its keys, and for tasks that we know their inputs; an unknown task is a finding. */
export function checkSteps(pipeline: PipelineModel): readonly PipelineProblem[] {
  return pipeline.stages.flatMap(({ jobs }) => jobs.flatMap((job) => stepsOf(job).flatMap(checkStep)));
}

function checkStep(step: StepModel): readonly PipelineProblem[] {
  const keys = Object.hasOwn(stepKeys, step.kind) ? stepKeys[step.kind] : undefined;
  if (keys === undefined) {
    const meant = nearest(step.kind, Object.keys(stepKeys));
    const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
    return [{ at: step.at, message: `There is no kind of step '${step.kind}'.`, ...hint }];
  }
  const found = checkKeys(step.node, keys, "The step");
  return step.kind === "task" ? [...found, ...checkTask(step)] : found;
}

function checkTask({ main, node }: StepModel): readonly PipelineProblem[] {
  if (!/^[\w.-]+@\d+(?:\.\d+){0,2}$/.test(main.text)) {
    return [{ at: main.at, message: `'${main.text}' is no task; write its name and version as Name@1.` }];
  }
  const task = Object.entries(tasks).find(([name]) => name.toLowerCase() === main.text.toLowerCase())?.[1];
  if (task === undefined) {
    const meant = nearest(main.text, Object.keys(tasks));
    const message = `The task ${main.text} is not known to this check.`;
    return [{ at: main.at, message, ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }) }];
  }
  const inputs = entryOf(node, "inputs");
  const given = entriesOf(inputs).map(({ key }) => key.text.toLowerCase());
  const missing = task.needed
    .filter((name) => !given.includes(name.toLowerCase()))
    .map((name) => ({ at: inputs?.at ?? main.at, message: `${main.text} needs the input '${name}'.` }));
  return inputs === undefined
    ? missing
    : [...checkKeys(inputs, spelled(task.inputs, inputs), main.text), ...missing];
}

/** Inputs are known in any letter case. */
function spelled(inputs: Keys, given: Parameters<typeof entriesOf>[0]): Keys {
  const byName = new Map(Object.entries(inputs).map(([name, shape]) => [name.toLowerCase(), shape]));
  const written = entriesOf(given).flatMap(({ key }) => {
    const shape = byName.get(key.text.toLowerCase());
    return shape === undefined ? [] : [[key.text, shape] as const];
  });
  return { ...inputs, ...Object.fromEntries(written) };
}
