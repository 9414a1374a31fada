import { isObject, listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { checkJobSettings } from "../jobs/check-job-settings.ts";
import { jobBody, type JobRecord } from "../jobs/job-record.ts";
import { isActive } from "../jobs/run-body.ts";
import { pageOf } from "../page.ts";
import { flagIn, requireId, textListIn } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";
import type { Workspace } from "../workspace.ts";
import { invalidParameter } from "../workspace-error.ts";

/** A job by its number. */
export function findJob(workspace: Workspace, jobId: number): JobRecord {
  const job = workspace.jobs.get(String(jobId));
  if (job === undefined) throw invalidParameter(`Job ${jobId} does not exist.`);
  return job;
}

function createJob({ workspace, body }: WorkspaceRequest): object {
  const settings = { name: "Untitled", ...checkJobSettings(body) };
  const jobId = workspace.nextNumber();
  workspace.jobs.put({ id: String(jobId), jobId, settings, createdTime: Date.now() });
  return { job_id: jobId };
}

/** Replaces all settings. */
function resetJob({ workspace, body }: WorkspaceRequest): object {
  const job = findJob(workspace, requireId(body, "job_id"));
  const settings = { name: "Untitled", ...checkJobSettings(valueIn(body, "new_settings")) };
  workspace.jobs.put({ ...job, settings });
  return {};
}

/** Changes some settings; tasks and clusters are found by their keys. */
function updateJob({ workspace, body }: WorkspaceRequest): object {
  const job = findJob(workspace, requireId(body, "job_id"));
  const removed = textListIn(body, "fields_to_remove");
  const kept = Object.fromEntries(Object.entries(job.settings).filter(([name]) => !removed.includes(name)));
  const change = valueIn(body, "new_settings");
  const settings = isObject(change) ? { ...kept, ...change, ...mergedLists(kept, change) } : kept;
  workspace.jobs.put({ ...job, settings: checkJobSettings(settings) });
  return {};
}

const keyedLists = [
  ["tasks", "task_key"],
  ["job_clusters", "job_cluster_key"],
  ["environments", "environment_key"],
] as const;

function mergedLists(before: JsonObject, change: JsonObject): JsonObject {
  const merged = keyedLists.flatMap(([list, key]): readonly (readonly [string, unknown])[] => {
    if (!Object.hasOwn(change, list)) return [];
    const changed = listIn(change, list);
    const keys = new Set(changed.map((entry) => textIn(entry, key)));
    return [[list, [...listIn(before, list).filter((entry) => !keys.has(textIn(entry, key))), ...changed]]];
  });
  return Object.fromEntries(merged);
}

function getJob({ workspace, query }: WorkspaceRequest): object {
  return jobBody(findJob(workspace, requireId(query, "job_id")), workspace.owner, true);
}

/** Newest first; the filter by name takes the whole name, in upper or lower case. */
function listJobs({ workspace, query }: WorkspaceRequest): object {
  const name = query["name"]?.toLowerCase();
  const all = workspace.jobs
    .list()
    .filter(({ settings }) => name === undefined || textIn(settings, "name")?.toLowerCase() === name)
    .toReversed();
  const { shown, tokens, hasMore } = pageOf(all, query, { limitName: "limit", largest: 100 });
  if (shown.length === 0) return { has_more: false };
  const isWhole = flagIn(query, "expand_tasks");
  return { jobs: shown.map((job) => jobBody(job, workspace.owner, isWhole)), has_more: hasMore, ...tokens };
}

function deleteJob({ workspace, body }: WorkspaceRequest): object {
  const job = findJob(workspace, requireId(body, "job_id"));
  for (const run of workspace.runs.list())
    if (run.type === "JOB_RUN" && run.jobId === job.jobId && isActive(run)) workspace.runs.cancel(run.runId);
  workspace.jobs.remove(job.id);
  return {};
}

const versions = ["2.1", "2.2"];

export const jobRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/jobs/create", handle: createJob }),
  ...inVersions(versions, { method: "POST", path: "/jobs/reset", handle: resetJob }),
  ...inVersions(versions, { method: "POST", path: "/jobs/update", handle: updateJob }),
  ...inVersions(versions, { method: "GET", path: "/jobs/get", handle: getJob }),
  ...inVersions(versions, { method: "GET", path: "/jobs/list", handle: listJobs }),
  ...inVersions(versions, { method: "POST", path: "/jobs/delete", handle: deleteJob }),
];
