import type { Desired } from "./desired-state.ts";

/** One field that differs; `old` is absent for what does not exist yet. */
export interface FieldChange {
  readonly field: string;
  readonly old: string;
  readonly new: string;
}

/** What a resource finds out about itself. */
export interface Comparison {
  readonly action: "create" | "update" | "keep";
  /** Id in the service; absent for what does not exist. */
  readonly id?: string;
  readonly changes: readonly FieldChange[];
  /** Something a person should know about this resource. */
  readonly note?: string;
}

export interface PlanStep extends Comparison {
  readonly key: string;
  readonly kind: Desired["kind"];
  readonly title: string;
  readonly dependsOn: readonly string[];
}

/** What provisioning will do, in an order in which it can be done; plain data. */
export interface ProvisionPlan {
  readonly steps: readonly PlanStep[];
  readonly counts: { readonly create: number; readonly update: number; readonly keep: number };
}

/** Puts comparisons together; the desired state's order is a dependency order already. */
export function assemblePlan(
  compared: readonly { readonly desired: Desired; readonly comparison: Comparison }[],
): ProvisionPlan {
  const steps = compared.map(({ desired: { key, kind, title, dependsOn }, comparison }): PlanStep => ({
    key,
    kind,
    title,
    dependsOn,
    ...comparison,
  }));
  const count = (action: Comparison["action"]): number =>
    steps.filter((step) => step.action === action).length;
  return { steps, counts: { create: count("create"), update: count("update"), keep: count("keep") } };
}

/** Whether there is nothing to do. */
export function isEmptyPlan({ counts }: ProvisionPlan): boolean {
  return counts.create === 0 && counts.update === 0;
}
