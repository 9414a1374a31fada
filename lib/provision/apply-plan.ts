import { provisionStopped } from "../errors/catalogue/provision.ts";
import { interrupted } from "../errors/catalogue/scaffold.ts";
import type { Reporter } from "../report/reporter.ts";
import type { BoundResource } from "./compare-all.ts";
import type { PlanStep, ProvisionPlan } from "./plan.ts";
import type { Run } from "./resource.ts";

export interface ApplyOptions {
  readonly resources: readonly BoundResource[];
  readonly run: Omit<Run, "idOf" | "identityOf">;
  /** The model's own team, whose identity is the id of its resource. */
  readonly team: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Steps that run at the same time at most; more would only meet the service's limits. */
const concurrency = 6;

/**
 * Carries out a plan: a step begins when all that it depends on is there, independent steps run side by side.
 * After a failure nothing new begins, and the error says how far it came; the same command continues.
 */
export async function applyPlan(plan: ProvisionPlan, options: ApplyOptions): Promise<void> {
  const ids = new Map(
    plan.steps.flatMap(({ key, action, id }) =>
      action === "create" || id === undefined ? [] : [[key, id] as const],
    ),
  );
  const pending = plan.steps.filter(({ action }) => action !== "keep");
  const waiting = new Set(pending);
  const running = new Map<PlanStep, Promise<void>>();
  const failures: Error[] = [];
  const run = bindRun(options, ids);
  while (running.size > 0 || (waiting.size > 0 && failures.length === 0 && !options.signal.aborted)) {
    if (failures.length === 0 && !options.signal.aborted) {
      for (const step of readySteps(waiting, ids, concurrency - running.size)) {
        waiting.delete(step);
        running.set(
          step,
          applyStep(step, { options, run, ids, failures }).finally(() => running.delete(step)),
        );
      }
    }
    await Promise.race(running.values());
  }
  const [cause] = failures;
  if (cause !== undefined) throw provisionStopped(ids.size, plan.steps.length, cause);
  if (options.signal.aborted) throw provisionStopped(ids.size, plan.steps.length, interrupted());
}

function readySteps(
  waiting: ReadonlySet<PlanStep>,
  ids: ReadonlyMap<string, string>,
  most: number,
): readonly PlanStep[] {
  return [...waiting].filter(({ dependsOn }) => dependsOn.every((key) => ids.has(key))).slice(0, most);
}

interface StepContext {
  readonly options: ApplyOptions;
  readonly run: Run;
  readonly ids: Map<string, string>;
  readonly failures: Error[];
}

async function applyStep(step: PlanStep, { options, run, ids, failures }: StepContext): Promise<void> {
  const { key, action, title } = step;
  const resource = options.resources.find(({ desired }) => desired.key === key);
  if (resource === undefined) throw new Error(`no resource ${key}`);
  const started = performance.now();
  options.reporter.report({ type: "step-started", key, action, title });
  try {
    ids.set(key, await resource.apply(step, run));
    options.reporter.report({ type: "step-finished", key, action, title, ms: performance.now() - started });
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    failures.push(failure);
    options.reporter.report({
      type: "step-failed",
      key,
      action,
      title,
      ms: performance.now() - started,
      reason: failure.message,
    });
  }
}

function bindRun({ run, team }: ApplyOptions, ids: ReadonlyMap<string, string>): Run {
  const idOf = (key: string): string => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`The step ${key} has not run.`);
    return id;
  };
  return {
    ...run,
    idOf,
    identityOf: (name) => {
      if (name.toLowerCase() === team.toLowerCase()) return idOf("team");
      const id = run.remote.identities.get(name.toLowerCase());
      if (id === undefined) throw new Error(`The identity of ${name} was not read.`);
      return id;
    },
  };
}
