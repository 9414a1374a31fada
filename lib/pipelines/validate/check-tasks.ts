import { nearest } from "../../errors/nearest.ts";
import { stepsOf, type PipelineModel, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entriesOf, entryOf, type YamlNode } from "../yaml-node.ts";
import { checkKeys } from "./check-shape.ts";
import { stepKeys, type Keys } from "./shapes.ts";
import { tasks, type Task } from "./tasks.ts";

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
  if (!/^[\w./-]+@\d+(?:\.\d+){0,2}$/.test(main.text)) {
    return [{ at: main.at, message: `'${main.text}' is no task; write its name and version as Name@1.` }];
  }
  const task = Object.entries(tasks).find(([name]) => name.toLowerCase() === main.text.toLowerCase())?.[1];
  if (task === undefined) {
    const meant = nearest(main.text, Object.keys(tasks));
    const message = `The task ${main.text} is not known to this check.`;
    const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
    return [{ at: main.at, message, ...hint, isAdvice: true }];
  }
  const inputs = entryOf(node, "inputs");
  const given = entriesOf(inputs).map(({ key }) => key.text.toLowerCase());
  const missing = neededIn(task, inputs)
    .filter((names) => !names.some((name) => given.includes(name.toLowerCase())))
    .map(([name = ""]) => name)
    .map((name) => ({ at: inputs?.at ?? main.at, message: `${main.text} needs the input '${name}'.` }));
  return inputs?.kind !== "map"
    ? missing
    : [...checkKeys(inputs, spelled(task.inputs, inputs), main.text), ...missing];
}

/** The inputs that a task needs, each with its other spellings; some only beside a certain value of another. */
function neededIn(
  { needed, neededBeside = [] }: Task,
  inputs: YamlNode | undefined,
): readonly (readonly string[])[] {
  const values = new Map(
    entriesOf(inputs).map(({ key, value }) => [
      key.text.toLowerCase(),
      value.kind === "scalar" ? value.text.toLowerCase() : "",
    ]),
  );
  const beside = neededBeside
    .filter(([, other, value]) => (values.get(other.toLowerCase()) ?? "") === value.toLowerCase())
    .map(([names]) => names);
  return [...needed, ...beside];
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
