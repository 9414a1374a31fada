import type { StepModel } from "../pipeline-model.ts";
import { textOf } from "../yaml-node.ts";
import type { JobState } from "./job-state.ts";
import type { RunPlace, RunResult } from "./run-types.ts";

/** How one attempt of a step ended; `why` is a sentence for people. */
export interface StepEnd {
  readonly result: RunResult;
  readonly why?: string;
}

/** One step while it runs, its values with all variables put in. */
export interface StepCall {
  readonly job: JobState;
  readonly step: StepModel;
  readonly at: RunPlace;
  readonly title: string;
  readonly signal: AbortSignal;
  /** The value of an input in any letter case; the empty text for one that is not given. */
  readonly input: (name: string) => string;
  /** What programs of the step see of the environment. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Takes a line of a program's output, with the logging command that it may hold. */
  readonly onLine: (text: string) => void;
  /** A line of the runner's own. */
  readonly say: (text: string) => void;
  readonly issue: (kind: "error" | "warning", message: string) => void;
  readonly notEmulated: (what: string) => void;
}

/** Does what one kind of step or task does. */
export type StepRunner = (call: StepCall) => Promise<StepEnd>;

export const succeeded: StepEnd = { result: "succeeded" };

export function failed(why: string): StepEnd {
  return { result: "failed", why };
}

/** Whether an input says yes. */
export function isTrue(text: string): boolean {
  return /^(?:true|yes|y|on|1)$/i.test(text.trim());
}

/** Inputs as tasks have them, and the keys that the short forms of steps have instead. */
export function readInput({ step, job }: Pick<StepCall, "step" | "job">, name: string): string {
  const wanted = name.toLowerCase();
  const given = step.inputs.find(([key]) => key.toLowerCase() === wanted)?.[1].text;
  const text = given ?? (step.kind === "task" ? undefined : textOf(step.node, name));
  return text === undefined ? "" : job.variables.expand(text);
}

/** The machine's variables, then the job's open ones, then what the step maps, by the names that it writes. */
export function environmentOf({
  step,
  job,
}: Pick<StepCall, "step" | "job">): Readonly<Record<string, string>> {
  const { environ } = job.run.request;
  const mapped = step.env.map(([name, { text }]) => [name, job.variables.expand(text).trim()]);
  const known = { ...environ, ...job.variables.toEnvironment() };
  const path = [...job.paths.toReversed(), known["PATH"] ?? ""].join(":");
  return { ...known, PATH: path, ...Object.fromEntries(mapped) };
}
