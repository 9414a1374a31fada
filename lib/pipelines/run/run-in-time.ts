import type { JobModel } from "../pipeline-model.ts";
import { textOf } from "../yaml-node.ts";
import type { ReadyJob } from "./run-job.ts";
import type { PhaseEnd } from "./run-phase.ts";
import { timerTime } from "./timer-time.ts";

const defaultMinutes = 60;
const defaultCancelMinutes = 5;

/** When a job and its last steps have to end. */
export interface JobTime {
  readonly signal: AbortSignal;
  readonly afterwards: AbortSignal;
}

export interface PhasesEnd extends PhaseEnd {
  readonly why?: string;
}

/** Runs a job, or a leg of its matrix, in the time that the job allows; never throws. */
export async function runInTime(
  { run, job }: Pick<ReadyJob, "run" | "job">,
  work: (time: JobTime) => Promise<PhaseEnd>,
): Promise<PhasesEnd> {
  const minutes = minutesOf(job, "timeoutInMinutes", defaultMinutes);
  const limit = new AbortController();
  const afterwards = new AbortController();
  const signal = AbortSignal.any([run.request.signal, limit.signal]);
  const timers = new Set<NodeJS.Timeout>();
  const startAfterwards = (): void => {
    const cancelMinutes = minutesOf(job, "cancelTimeoutInMinutes", defaultCancelMinutes);
    timers.add(setTimeout(() => afterwards.abort(), timerTime(cancelMinutes)));
  };
  signal.addEventListener("abort", startAfterwards, { once: true });
  if (minutes > 0) timers.add(setTimeout(() => limit.abort(), timerTime(minutes)));
  const { stop } = run.request;
  const ends = stop === undefined ? [afterwards.signal] : [afterwards.signal, stop];
  const time: JobTime = { signal, afterwards: AbortSignal.any(ends) };
  try {
    const end = await work(time);
    const isLate = limit.signal.aborted && !run.request.signal.aborted;
    return isLate ? { ...end, why: `It ran longer than ${minutes} minutes.` } : end;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { result: "failed", why, steps: [], outputs: new Map() };
  } finally {
    signal.removeEventListener("abort", startAfterwards);
    for (const timer of timers) clearTimeout(timer);
  }
}

/** 0 is without end; what is no number, such as a macro, is the default. */
function minutesOf(job: JobModel, key: string, otherwise: number): number {
  const text = textOf(job.node, key)?.trim() ?? "";
  const minutes = Number(text);
  return text === "" || !Number.isFinite(minutes) || minutes < 0 ? otherwise : minutes;
}
