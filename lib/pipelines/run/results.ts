import type { RunResult } from "./run-types.ts";

/** What expressions call a result. */
export const resultNames: Readonly<Record<RunResult, string>> = {
  succeeded: "Succeeded",
  succeededWithIssues: "SucceededWithIssues",
  failed: "Failed",
  canceled: "Canceled",
  skipped: "Skipped",
};

const worstFirst = ["failed", "canceled", "succeededWithIssues", "succeeded"] as const;

/** The result of a whole by those of its parts: the worst one; skipped where nothing ran. */
export function combineResults(results: readonly RunResult[]): RunResult {
  return worstFirst.find((result) => results.includes(result)) ?? "skipped";
}

export function isSuccess(result: RunResult): boolean {
  return result === "succeeded" || result === "succeededWithIssues";
}
