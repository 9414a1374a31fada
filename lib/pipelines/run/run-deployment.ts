import type { HookModel, HookName, PipelineModel, StepModel } from "../pipeline-model.ts";
import { entryOf, itemsOf, textOf } from "../yaml-node.ts";
import { implicitStep } from "./implicit-step.ts";
import { combineResults, isSuccess } from "./results.ts";
import { runPhase, type Phase, type PhaseEnd } from "./run-phase.ts";
import type { Variable } from "./variables.ts";

/** One call of a hook in the course of a deployment. */
interface Cycle {
  readonly hook: HookName;
  /** What stands before `step.variable` in the outputs; any of them may. */
  readonly prefixes: readonly string[];
  readonly own: Readonly<Record<string, string>>;
}

/** Runs the hooks of a deployment in their order, each in a folder of its own; a failure leads to on.failure at once. */
export async function runDeployment(phase: Phase): Promise<PhaseEnd> {
  const ends: PhaseEnd[] = [];
  const outputs = new Map<string, Variable>();
  const runCycle = async (cycle: Cycle): Promise<PhaseEnd["result"]> => {
    const hook = phase.model.hooks.find(({ name }) => name === cycle.hook);
    if (hook === undefined) return "succeeded";
    const stepsBefore = ends.reduce((sum, { steps }) => sum + steps.length, 0);
    const folder = `${phase.folder}.${ends.length + 1}`;
    const end = await runPhase({
      ...phase,
      steps: stepsOf(hook, phase),
      stepsBefore,
      folder,
      own: cycle.own,
    });
    ends.push(end);
    for (const [path, variable] of end.outputs) {
      for (const prefix of cycle.prefixes) outputs.set(`${prefix}.${path}`, variable);
    }
    return end.result;
  };
  const result = await runCycles(cyclesOf(phase), runCycle);
  const after = isSuccess(result) ? "on.success" : "on.failure";
  const last = result === "canceled" ? result : await runCycle(cycleOf(phase, after, {}));
  const all = after === "on.success" ? combineResults([result, last]) : result;
  return { result: all, steps: ends.flatMap(({ steps }) => steps), outputs };
}

async function runCycles(
  cycles: readonly Cycle[],
  run: (cycle: Cycle) => Promise<PhaseEnd["result"]>,
): Promise<PhaseEnd["result"]> {
  const results: PhaseEnd["result"][] = [];
  for (const cycle of cycles) {
    const result = await run(cycle);
    results.push(result);
    if (!isSuccess(result)) break;
  }
  return combineResults(results);
}

const perIncrement = ["deploy", "routeTraffic", "postRouteTraffic"] as const;

/** Once all hooks; of a canary, those that deploy again for each increment and for the whole. */
function cyclesOf(phase: Phase): readonly Cycle[] {
  const { strategy } = phase.model;
  const first = cycleOf(phase, "preDeploy", {});
  if (strategy !== "canary") {
    if (strategy === "rolling") tellRolling(phase);
    return [first, ...perIncrement.map((hook) => cycleOf(phase, hook, {}))];
  }
  const increments = [...incrementsOf(phase), "100"];
  return [
    first,
    ...increments.flatMap((increment, index) => {
      const isLast = index === increments.length - 1;
      const own = {
        "Strategy.Increment": increment,
        "Strategy.Action": isLast ? "promote" : "deploy",
        "Strategy.CycleName": isLast ? "PostIteration" : "Iteration",
      };
      return perIncrement.map((hook) => ({
        ...cycleOf(phase, hook, own),
        prefixes: [`${hook}_${increment}`],
      }));
    }),
  ];
}

function incrementsOf({ model }: Phase): readonly string[] {
  const canary = entryOf(entryOf(model.node, "strategy"), "canary");
  return itemsOf(entryOf(canary, "increments")).flatMap((item) =>
    item.kind === "scalar" ? [item.text] : [],
  );
}

function tellRolling({ run, stage, name }: Phase): void {
  const what = "the machines of a rolling deployment: its hooks ran once, here";
  run.report.tell({ type: "not emulated", at: { stage: stage.name, job: name }, what });
}

function cycleOf({ model }: Phase, hook: HookName, own: Readonly<Record<string, string>>): Cycle {
  const [environment = "", short] = (model.environment?.text ?? "").split(".");
  const resource = short ?? textOf(entryOf(model.node, "environment"), "resourceName");
  const known = {
    "Environment.Name": environment,
    ...(resource === undefined ? {} : { "Environment.ResourceName": resource }),
    "Strategy.Name": model.strategy ?? "",
  };
  const prefixes = resource === undefined ? [model.name, hook] : [model.name, `Deploy_${resource}`];
  return { hook, prefixes, own: { ...known, ...own } };
}

/** The hook that deploys finds all artifacts in its workspace, unless a step says what to download. */
function stepsOf({ name, steps }: HookModel, { model, run }: Phase): readonly StepModel[] {
  if (name !== "deploy" || steps.some(({ kind }) => kind === "download")) return steps;
  const aliases = pipelineAliases(run.request.model).filter(
    (alias) => run.request.artifactsOf(alias) !== undefined,
  );
  return [...["current", ...aliases].map((source) => implicitStep("download", source, model)), ...steps];
}

function pipelineAliases({ root }: PipelineModel): readonly string[] {
  return itemsOf(entryOf(entryOf(root, "resources"), "pipelines")).flatMap(
    (item) => textOf(item, "pipeline") ?? [],
  );
}
