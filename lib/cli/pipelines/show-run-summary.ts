import type { RunEvent, RunOutcome, RunResult } from "../../pipelines/run/run-types.ts";
import type { Reporter } from "../../report/reporter.ts";

export interface EndedRun {
  readonly pipeline: string;
  readonly run: number;
  readonly folder: string;
  readonly outcome: RunOutcome;
  readonly tests: readonly Extract<RunEvent, { readonly type: "tests" }>[];
}

const endings: Readonly<Record<RunResult, string>> = {
  succeeded: "has succeeded",
  succeededWithIssues: "has succeeded with issues",
  failed: "has failed",
  canceled: "was canceled",
  skipped: "had nothing to do",
};

/** What a run came to, where its files are, and what it did not do. */
export function showRunSummary(
  reporter: Reporter,
  { pipeline, run, folder, outcome, tests }: EndedRun,
): void {
  const line = (text: string): void => reporter.report({ type: "line", text });
  reporter.report({ type: "section", title: `Run ${run} of ${pipeline} ${endings[outcome.result]}.` });
  for (const { title, passed, failed, skipped } of tests) {
    line(`  tests         ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  const artifacts = Object.keys(outcome.artifacts);
  if (artifacts.length > 0) line(`  artifacts     ${artifacts.join(", ")}`);
  for (const what of outcome.notEmulated) line(`  not emulated  ${what}`);
  line(`  kept in       ${folder}`);
}
