import { setTimeout as sleep } from "node:timers/promises";
import { ExpressionError } from "../expressions/expression-error.ts";
import type { StepModel } from "../pipeline-model.ts";
import { entryOf, textOf } from "../yaml-node.ts";
import { applyLoggingCommand } from "./apply-logging-command.ts";
import { isConditionMet } from "./conditions.ts";
import type { JobState } from "./job-state.ts";
import { parseLoggingCommand } from "./logging-command.ts";
import { combineResults, resultNames } from "./results.ts";
import type { RunPlace, RunResult, StepOutcome } from "./run-types.ts";
import { environmentOf, isTrue, readInput, type StepCall, type StepEnd } from "./step-call.ts";
import { runnerOf, titleOf } from "./step-runners.ts";
import { timerTime } from "./timer-time.ts";

const mostRetries = 10;
const longestPauseMs = 10_000;
const mostOutput = 10_000_000;
/** A line costs more than its characters, so that empty ones have an end as well. */
const costOfLine = 40;

/** Runs a step of a job as its condition, its number of attempts and its time allow; never throws. */
export async function runStep(step: StepModel, number: number, job: JobState): Promise<StepOutcome> {
  const at: RunPlace = { ...job.at, step: number };
  const title = job.run.masker.mask(job.variables.expand(step.displayName ?? titleOf(step)));
  job.run.report.tell({ type: "started", at, title });
  const end = await decide(step, { job, at, title });
  job.run.report.tell({ type: "finished", at, ...end });
  if (end.result !== "skipped") {
    job.result = combineResults([job.result, end.result]);
    setStatus(job);
  }
  return { title, result: end.result };
}

interface Started {
  readonly job: JobState;
  readonly at: RunPlace;
  readonly title: string;
}

async function decide(step: StepModel, started: Started): Promise<StepEnd> {
  const { job } = started;
  if (isFalse(settingOf(step, "enabled", job))) return { result: "skipped", why: "It is not enabled." };
  try {
    if (!isMet(step, job)) return { result: "skipped" };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { result: "failed", why: `Its condition cannot be evaluated: ${error.message}` };
  }
  if (entryOf(step.node, "target") !== undefined) {
    job.run.report.tell({ type: "not emulated", at: started.at, what: "the target of steps" });
  }
  const end = await attempt(step, started);
  const isForgiven = end.result === "failed" && isTrue(settingOf(step, "continueOnError", job));
  return isForgiven ? { ...end, result: "succeededWithIssues" } : end;
}

function isMet(step: StepModel, job: JobState): boolean {
  const before = { results: new Map([[job.identity.name, job.result]]), isCanceled: job.signal.aborted };
  return isConditionMet(step.condition?.text, before, { variables: job.variables.toObject() });
}

async function attempt(step: StepModel, started: Started): Promise<StepEnd> {
  const { job } = started;
  const wanted = Math.floor(Number(settingOf(step, "retryCountOnTaskFailure", job))) || 0;
  const retries = Math.min(mostRetries, Math.max(0, wanted));
  const signal = job.signal.aborted ? job.afterwards : job.signal;
  for (let count = 0; ; count += 1) {
    const end = await tryOnce(step, started, signal);
    if (end.result !== "failed" || count >= retries || signal.aborted) return end;
    const line = `It failed: ${end.why ?? ""} Trying again, ${count + 1} of ${retries}.`;
    job.run.report.tell({ type: "line", at: started.at, text: line });
    await sleep(Math.min(longestPauseMs, 1000 * 2 ** count), undefined, { signal }).catch(() => undefined);
  }
}

async function tryOnce(step: StepModel, started: Started, outer: AbortSignal): Promise<StepEnd> {
  const minutes = Number(settingOf(step, "timeoutInMinutes", started.job)) || 0;
  const limit = minutes > 0 ? AbortSignal.timeout(timerTime(minutes)) : undefined;
  const signal = limit === undefined ? outer : AbortSignal.any([outer, limit]);
  const watched = createCall(step, started, signal);
  const end = await runnerOf(step)(watched.call).catch((error: unknown): StepEnd => ({
    result: "failed",
    why: error instanceof Error ? error.message : String(error),
  }));
  if (outer.aborted) return { result: "canceled", why: "It was canceled." };
  if (limit?.aborted === true) return { result: "failed", why: `It ran longer than ${minutes} minutes.` };
  const result = combineResults([end.result, ...watched.commanded]);
  if (end.result === "skipped") return end;
  if (result === end.result) return end;
  return { result, why: end.why ?? "A logging command in its output says so." };
}

/** Results that the output of a step asks for are collected beside its own. */
function createCall(
  step: StepModel,
  { job, at, title }: Started,
  signal: AbortSignal,
): { readonly call: StepCall; readonly commanded: ReadonlySet<RunResult> } {
  const commanded = new Set<RunResult>();
  const { report } = job.run;
  const call: StepCall = {
    job,
    step,
    at,
    title,
    signal,
    input: (name) => readInput({ step, job }, name),
    environment: () => environmentOf({ step, job }),
    say: (text) => report.tell({ type: "line", at, text }),
    issue: (kind, message) => report.tell({ type: "issue", at, kind, message }),
    notEmulated: (what) => report.tell({ type: "not emulated", at, what }),
    onLine: (text) => {
      const command = parseLoggingCommand(text);
      if (command === undefined) heard.say(text);
      else for (const result of applyLoggingCommand(command, heard)) commanded.add(result);
    },
  };
  const heard = cutOutput(call);
  return { call, commanded };
}

/** What the output of a step says has an end; what it commands is obeyed after that, too. */
function cutOutput(call: StepCall): StepCall {
  let room = mostOutput;
  const spend = (text: string, tell: () => void): void => {
    if (room <= 0) return;
    room -= text.length + costOfLine;
    tell();
    if (room <= 0) call.issue("warning", "The output is cut here: a step may write 10 MB.");
  };
  return {
    ...call,
    say: (text) => spend(text, () => call.say(text)),
    issue: (kind, message) => spend(message, () => call.issue(kind, message)),
  };
}

function setStatus(job: JobState): void {
  const name = "Agent.JobStatus";
  job.variables.set({ name, value: resultNames[job.result], isSecret: false, isReadonly: false });
}

function settingOf(step: StepModel, key: string, job: JobState): string {
  return job.variables.expand(textOf(step.node, key) ?? "");
}

function isFalse(text: string): boolean {
  return /^(?:false|no|n|off|0)$/i.test(text.trim());
}
