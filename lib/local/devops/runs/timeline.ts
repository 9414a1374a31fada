import { appendFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PipelineModel } from "../../../pipelines/pipeline-model.ts";
import type { RunEvent, RunPlace, RunResult } from "../../../pipelines/run/run-types.ts";
import { stableGuid } from "../state/stable-guid.ts";
import { logPath, writeTimeline, type TimelineEntry, type TimelineIssue } from "./timeline-file.ts";

/** What a log may grow to; what comes later is left out, and the log says so. */
const largestLog = 5_000_000;
/** So many errors and warnings stand in one entry, as in the service; the log has them all. */
const mostIssues = 10;

/** Writes down in a folder what happens in a run: `timeline.json`, and a log for each step. */
export class RunTimeline {
  readonly #folder: string;
  readonly #runId: number;
  readonly #now: () => string;
  readonly #entries = new Map<string, TimelineEntry>();
  readonly #full = new Set<number>();
  #logs = 0;

  constructor({
    folder,
    runId,
    now,
  }: {
    readonly folder: string;
    readonly runId: number;
    readonly now: () => string;
  }) {
    this.#folder = folder;
    this.#runId = runId;
    this.#now = now;
    mkdirSync(join(folder, "logs"), { recursive: true, mode: 0o700 });
    this.#save();
  }

  /** Shows every stage before any of them begins. */
  expect({ stages }: PipelineModel): void {
    for (const { name, displayName } of stages) this.#stage(name, displayName ?? name);
    this.#save();
  }

  tell(event: RunEvent): void {
    switch (event.type) {
      case "started":
        this.#start(event.at, event.title);
        break;
      case "finished":
        this.#finish(event);
        break;
      case "line":
        this.#log(event.at, event.text);
        return;
      case "issue":
        this.#log(event.at, `##[${event.kind}]${event.message}`);
        this.#addIssue(event.at, { type: event.kind, message: event.message });
        break;
      case "not emulated":
        this.#log(event.at, `##[warning]Not emulated: ${event.what}`);
        this.#addIssue(event.at, { type: "warning", message: `Not emulated on this machine: ${event.what}` });
        break;
      case "tests":
        this.#log(
          event.at,
          `${event.title}: ${event.passed} passed, ${event.failed} failed, ${event.skipped} skipped`,
        );
        return;
      case "approval":
      case "artifact":
        return;
    }
    this.#save();
  }

  /** Shows an approval that a stage waits for, or how it was decided. */
  approval(stage: string, id: string, result: RunResult | undefined): void {
    const checkpoint = this.#put(`${stage} checkpoint`, {
      parentId: this.#stage(stage, stage).id,
      type: "Checkpoint",
      name: "Checkpoint",
      identifier: "Checkpoint",
    });
    const key = `${stage} approval ${id}`;
    const entry = this.#put(key, {
      parentId: checkpoint.id,
      type: "Checkpoint.Approval",
      name: "Checkpoint.Approval",
      identifier: "",
    });
    const time = this.#now();
    const done = result === undefined ? {} : { state: "completed" as const, result, finishTime: time };
    for (const [at, old] of [[`${stage} checkpoint`, checkpoint] as const, [key, { ...entry, id }] as const])
      this.#entries.set(at, { ...old, state: "inProgress", startTime: old.startTime ?? time, ...done });
    this.#save();
  }

  #start(at: RunPlace, title: string): void {
    const key = keyOf(at);
    if (key === "") return;
    const entry = this.#entryAt(at, title);
    this.#entries.set(key, { ...entry, name: title, state: "inProgress", startTime: this.#now() });
    if (at.step === undefined && at.job !== undefined) this.#startPhase(at);
    if (at.job !== undefined) this.#log(at, `##[section]Starting: ${title}`);
  }

  #startPhase({ stage = "", job = "" }: RunPlace): void {
    const key = `${stage} phase ${job}`;
    const phase = this.#entries.get(key);
    if (phase === undefined) return;
    this.#entries.set(key, { ...phase, state: "inProgress", startTime: this.#now() });
  }

  #finish({ at, result, why, title }: Extract<RunEvent, { readonly type: "finished" }>): void {
    const { stage = "", job, step } = at;
    const key = keyOf(at);
    if (key === "") return;
    if (why !== undefined && result === "failed") this.#addIssue(at, { type: "error", message: why });
    this.#entryAt(at, job ?? stage);
    this.#end(key, result, title);
    if (job === undefined) return;
    this.#log(at, `##[section]Finishing: ${why ?? result}`);
    if (step === undefined) this.#end(`${stage} phase ${job}`, result);
  }

  #end(key: string, result: RunResult, title?: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const name = title ?? entry.name;
    this.#entries.set(key, { ...entry, name, state: "completed", result, finishTime: this.#now() });
  }

  #addIssue(at: RunPlace, issue: TimelineIssue): void {
    const key = keyOf(at);
    if (key === "") return;
    const entry = this.#entryAt(at, at.job ?? at.stage ?? "");
    if (entry.issues.filter(({ type }) => type === issue.type).length >= mostIssues) return;
    this.#entries.set(key, { ...entry, issues: [...entry.issues, issue] });
  }

  #log(at: RunPlace, text: string): void {
    const key = keyOf(at);
    if (key === "") return;
    const entry = this.#entryAt(at, at.job ?? at.stage ?? "");
    const logId = entry.logId ?? (this.#logs += 1);
    if (entry.logId === undefined) {
      this.#entries.set(key, { ...entry, logId });
      this.#save();
    }
    this.#append(logId, text);
  }

  #append(logId: number, text: string): void {
    if (this.#full.has(logId)) return;
    const path = logPath(this.#folder, logId);
    const isFull = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestLog;
    if (isFull) this.#full.add(logId);
    const line = isFull ? "##[warning]The log is too long: the rest is left out." : text;
    appendFileSync(path, `${this.#now()} ${line}\n`, { mode: 0o600 });
  }

  #stage(name: string, title: string): TimelineEntry {
    return this.#put(`${name}//`, { parentId: undefined, type: "Stage", name: title, identifier: name });
  }

  #entryAt(at: RunPlace, title: string): TimelineEntry {
    const { stage = "", job, step } = at;
    const stageEntry = this.#stage(stage, title);
    if (job === undefined) return stageEntry;
    const phase = this.#put(`${stage} phase ${job}`, {
      parentId: stageEntry.id,
      type: "Phase",
      name: job,
      identifier: `${stage}.${job}`,
    });
    const identifier = `${stage}.${job}.__default`;
    const jobEntry = this.#put(`${stage}/${job}/`, {
      parentId: phase.id,
      type: "Job",
      name: job,
      identifier,
    });
    if (step === undefined) return jobEntry;
    return this.#put(keyOf(at), { parentId: jobEntry.id, type: "Task", name: title, identifier: "" });
  }

  #put(key: string, made: Pick<TimelineEntry, "parentId" | "type" | "name" | "identifier">): TimelineEntry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const order = [...this.#entries.values()].filter(({ parentId }) => parentId === made.parentId).length + 1;
    const id = stableGuid(`run ${this.#runId} ${key}`);
    const entry: TimelineEntry = { ...made, id, order, state: "pending", issues: [] };
    this.#entries.set(key, entry);
    return entry;
  }

  #save(): void {
    writeTimeline(this.#folder, [...this.#entries.values()]);
  }
}

function keyOf({ stage, job, step }: RunPlace): string {
  return stage === undefined ? "" : `${stage}/${job ?? ""}/${step ?? ""}`;
}
