import { isObject, listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";

export interface JobRecord {
  /** The number as text. */
  readonly id: string;
  readonly jobId: number;
  readonly settings: JsonObject;
  readonly createdTime: number;
}

/** The outline only; the settings are looked at where they are used. */
export function isJobRecord(value: unknown): value is JobRecord {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    typeof value["jobId"] === "number" &&
    isObject(value["settings"])
  );
}

/** What a job is to do, in the order in which it was written. */
export function tasksOf(settings: JsonObject): readonly JsonObject[] {
  return listIn(settings, "tasks").filter((task) => isObject(task));
}

/** The key of a task, by which others depend on it. */
export function keyOf(task: JsonObject): string {
  return textIn(task, "task_key") ?? "";
}

/** Keys of the tasks that have to end before this one. */
export function dependenciesOf(task: JsonObject): readonly string[] {
  return listIn(task, "depends_on").map((dependency) => textIn(dependency, "task_key") ?? "");
}

/** A job as the service describes it; lists of jobs leave out what is large. */
export function jobBody(job: JobRecord, owner: string, isWhole: boolean): object {
  const { tasks, job_clusters, environments, ...rest } = job.settings;
  const large = { tasks, job_clusters, environments };
  return {
    job_id: job.jobId,
    creator_user_name: owner,
    run_as_user_name: owner,
    created_time: job.createdTime,
    settings: {
      email_notifications: {},
      webhook_notifications: {},
      timeout_seconds: 0,
      max_concurrent_runs: 1,
      format: "MULTI_TASK",
      ...rest,
      ...(isWhole ? large : {}),
    },
  };
}

/** How many runs of a job there may be at once. */
export function mostRunsOf(settings: JsonObject): number {
  const most = valueIn(settings, "max_concurrent_runs");
  return typeof most === "number" ? most : 1;
}

/** Whether a run that is one too many waits instead of being skipped. */
export function isQueueing(settings: JsonObject): boolean {
  return valueIn(settings, "queue", "enabled") === true;
}

/** Seconds after which something is stopped; undefined for never. */
export function timeoutOf(settings: JsonObject): number | undefined {
  const seconds = valueIn(settings, "timeout_seconds");
  return typeof seconds === "number" && seconds > 0 ? seconds : undefined;
}
