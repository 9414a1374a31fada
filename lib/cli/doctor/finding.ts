import { EacError } from "../../errors/eac-error.ts";

/** `problem`: init, provision or update cannot work. `warning`: something else is missing, or needs a look. */
export type Level = "ok" | "warning" | "problem";

/** One thing that the doctor looked at. */
export interface Finding {
  readonly topic: string;
  readonly level: Level;
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** What is as it should be. */
export function ok(topic: string, text: string): Finding {
  return { topic, level: "ok", text };
}

/** What the person can change is a finding; a bug of ours is none. */
export function findingOf(topic: string, error: unknown, level: Level = "problem"): Finding {
  if (!(error instanceof EacError)) throw error;
  const details = error.problems.map(({ path, message }) => ` ${path}: ${message}`);
  return { topic, level, text: `${error.message}${details.join("")}`, hint: error.hint };
}
