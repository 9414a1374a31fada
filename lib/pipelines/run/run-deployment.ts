import type { HookModel, HookName, StepModel } from "../pipeline-model.ts";
import { combineResults, isSuccess } from "./results.ts";
import { runPhase, type Phase, type PhaseEnd } from "./run-phase.ts";
import type { Variable } from "./variables.ts";

/** One call of a hook in the course of a deployment. */
interface Cycle {
  readonly hook: HookName;
  /** What stands before `step.variable` in the outputs. */
  readonly prefix: string;
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
    for (const [path, variable] of end.outputs) outputs.set(`${cycle.prefix}.${path}`, variable);
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

const once = ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"] as const;

function cyclesOf(phase: Phase): readonly Cycle[] {
  const cycles = once.map((hook) => cycleOf(phase, hook, {}));
  return cycles;
}

function cycleOf({ model }: Phase, hook: HookName, own: Readonly<Record<string, string>>): Cycle {
  return { hook, prefix: model.name, own: { "Strategy.Name": model.strategy ?? "", ...own } };
}

function stepsOf(hook: HookModel, _phase: Phase): readonly StepModel[] {
  return hook.steps;
}
