import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../../pipelines/run/run-types.ts";
import { isObject } from "../body.ts";

export interface TimelineIssue {
  readonly type: "error" | "warning";
  readonly message: string;
}

/** One stage, job, step or check of a run, as far as it has come. */
export interface TimelineEntry {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly type: "Stage" | "Phase" | "Job" | "Task" | "Checkpoint" | "Checkpoint.Approval";
  readonly name: string;
  readonly identifier: string;
  readonly order: number;
  readonly state: "pending" | "inProgress" | "completed";
  readonly result?: RunResult;
  readonly startTime?: string;
  readonly finishTime?: string;
  readonly logId?: number;
  readonly issues: readonly TimelineIssue[];
}

/** What is written about a run; nothing where it has not begun. */
export function readTimeline(folder: string): readonly TimelineEntry[] {
  const path = timelinePath(folder);
  if (!existsSync(path)) return [];
  const entries: unknown = JSON.parse(readFileSync(path, "utf8"));
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

/** Replaces it as a whole, so that a process that is killed leaves the one before. */
export function writeTimeline(folder: string, entries: readonly TimelineEntry[]): void {
  const path = timelinePath(folder);
  writeFileSync(`${path}.next`, JSON.stringify(entries), { mode: 0o600 });
  renameSync(`${path}.next`, path);
}

/** Ends everything in it that nobody works on any more. */
export function endTimeline(folder: string, finishTime: string): void {
  const entries = readTimeline(folder);
  if (entries.length === 0) return;
  const ended = entries.map((entry): TimelineEntry =>
    entry.state === "completed" ? entry : { ...entry, state: "completed", result: "canceled", finishTime },
  );
  writeTimeline(folder, ended);
}

/** The lines of a log; undefined where there is none. */
export function readLog(folder: string, logId: number): readonly string[] | undefined {
  const path = logPath(folder, logId);
  return existsSync(path) ? readFileSync(path, "utf8").replace(/\n$/, "").split("\n") : undefined;
}

function isEntry(value: unknown): value is TimelineEntry {
  return isObject(value) && typeof value["id"] === "string" && Array.isArray(value["issues"]);
}

function timelinePath(folder: string): string {
  return join(folder, "timeline.json");
}

/** The file of a log. */
export function logPath(folder: string, logId: number): string {
  return join(folder, "logs", `${logId}.txt`);
}
