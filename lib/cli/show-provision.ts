import type { ProvisionOutcome } from "../provision/provision.ts";
import type { ProvisionPlan } from "../provision/plan.ts";
import type { Reporter } from "../report/reporter.ts";
import { actionSymbol } from "../report/text-reporter.ts";

/** The plan as a person reads it: one line for each thing that changes, its changed fields below, and the counts at the end. */
export function showPlan(reporter: Reporter, plan: ProvisionPlan, organizationUrl: string): void {
  reporter.report({ type: "section", title: `Plan for ${organizationUrl}` });
  for (const { action, title, changes, note } of plan.steps) {
    if (action !== "keep")
      reporter.report({ type: "line", text: `  ${actionSymbol(action, false)} ${title}` });
    for (const { field, old, new: wanted } of changes)
      reporter.report({ type: "line", text: `      ${field}: ${old} → ${wanted}` });
    if (note !== undefined) reporter.report({ type: "warning", text: `${title}: ${note}` });
  }
  const { create, update, keep } = plan.counts;
  reporter.report({
    type: "line",
    text: `Plan: ${create} to create, ${update} to change, 0 to delete, ${keep} unchanged.`,
  });
}

/** What there is now, with links, and what a person may want to do next. */
export function showOutcome(reporter: Reporter, outcome: ProvisionOutcome, planOnly: boolean): void {
  if (!outcome.applied && !planOnly)
    reporter.report({ type: "line", text: "Azure DevOps has everything already; nothing was changed." });
  reporter.report({ type: "section", title: "Where to look" });
  for (const { title, url } of outcome.links) reporter.report({ type: "link", title: title.padEnd(12), url });
  for (const { text, hint } of outcome.warnings) reporter.report({ type: "warning", text, hint });
  reporter.report({ type: "section", title: "Next steps" });
  if (planOnly)
    reporter.report({
      type: "next-step",
      text: "Run the same command without --plan or --dry-run to apply the plan.",
    });
  else
    for (const { text, command } of outcome.nextSteps) reporter.report({ type: "next-step", text, command });
  reporter.report({ type: "line", text: `\n${outcome.requests} requests.` });
}
