import { textIn, type JsonObject } from "../../devops/body.ts";
import { checkJobSettings } from "../jobs/check-job-settings.ts";
import { keyOf, tasksOf } from "../jobs/job-record.ts";
import { isActive, outputBody, runBody, runPage, taskAsRunBody, type RunContext } from "../jobs/run-body.ts";
import type { RunRecord } from "../jobs/run-record.ts";
import { pageOf } from "../page.ts";
import { flagIn, requireId } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";
import type { Workspace } from "../workspace.ts";
import { invalidParameter } from "../workspace-error.ts";
import { findJob } from "./job.ts";

const overrideNames = ["notebook_params", "job_parameters", "python_params", "python_named_params"];
const longestToken = 64;

function runNow({ workspace, body }: WorkspaceRequest): object {
  const { jobId, settings } = findJob(workspace, requireId(body, "job_id"));
  const unsupported = [
    "only",
    "jar_params",
    "spark_submit_params",
    "sql_params",
    "dbt_commands",
    "pipeline_params",
  ];
  const given = unsupported.find((name) => hasOwn(body, name));
  if (given !== undefined)
    throw invalidParameter(`This workspace runs Python only and does not know ${given}.`);
  const { runId } = workspace.runs.start({
    jobId,
    name: textIn(settings, "name") ?? "Untitled",
    settings,
    overrides: overridesIn(body),
    idempotencyToken: tokenIn(body),
  });
  return { run_id: runId, number_in_job: runId };
}

function submit({ workspace, body }: WorkspaceRequest): object {
  const settings = checkJobSettings(body);
  if (tasksOf(settings).length === 0) throw invalidParameter("Missing required field: tasks");
  const name = textIn(settings, "run_name") ?? "Untitled";
  const idempotencyToken = tokenIn(body);
  const { runId } = workspace.runs.start({
    jobId: undefined,
    name,
    settings,
    overrides: {},
    idempotencyToken,
  });
  return { run_id: runId };
}

function getRun({ workspace, query }: WorkspaceRequest): object {
  const { run, task } = workspace.runs.find(requireId(query, "run_id"));
  const context = contextOf(workspace);
  return task === undefined ? runBody(run, context, true) : taskAsRunBody(run, task, context);
}

/** Of one task: a run has as many outputs as tasks, even if that is one. */
function getOutput({ workspace, query }: WorkspaceRequest): object {
  const { run, task } = workspace.runs.find(requireId(query, "run_id"));
  if (task === undefined) {
    throw invalidParameter(
      "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.",
    );
  }
  const metadata = taskAsRunBody(run, task, contextOf(workspace));
  const settings = tasksOf(run.settings).find((entry) => keyOf(entry) === task.key) ?? {};
  const isNotebook = Object.hasOwn(settings, "notebook_task");
  const output = workspace.runs.output(task.runId);
  const body = outputBody(output, metadata, isNotebook);
  // What never ran has no output; its error is why.
  return task.state.lifeCycle === "INTERNAL_ERROR" && output?.error === undefined
    ? { ...body, error: task.state.message }
    : body;
}

function listRuns({ workspace, query }: WorkspaceRequest): object {
  const all = workspace.runs.list().filter((run) => isWanted(run, query));
  const { shown, tokens, hasMore } = pageOf(all, query, { limitName: "limit", largest: 25 });
  if (shown.length === 0) return { has_more: false };
  const isWhole = flagIn(query, "expand_tasks");
  const runs = shown.map((run) => runBody(run, contextOf(workspace), isWhole));
  return { runs, has_more: hasMore, ...tokens };
}

function isWanted(run: RunRecord, query: Readonly<Record<string, string>>): boolean {
  const { job_id: jobId, run_type: type } = query;
  const rules = [
    jobId === undefined || (run.type === "JOB_RUN" && run.jobId === Number(jobId)),
    type === undefined || run.type === type,
    !flagIn(query, "active_only") || isActive(run),
    !flagIn(query, "completed_only") || !isActive(run),
    run.startTime >= Number(query["start_time_from"] ?? 0),
    run.startTime <= Number(query["start_time_to"] ?? Number.MAX_SAFE_INTEGER),
  ];
  return rules.every(Boolean);
}

function cancelRun({ workspace, body }: WorkspaceRequest): object {
  workspace.runs.cancel(requireId(body, "run_id"));
  return {};
}

function deleteRun({ workspace, body }: WorkspaceRequest): object {
  workspace.runs.remove(requireId(body, "run_id"));
  return {};
}

/** For a person: what the links in the answers lead to. */
function showRun({ workspace, query }: WorkspaceRequest): string {
  const { run } = workspace.runs.find(requireId(query, "run_id"));
  return runPage(run, (id) => workspace.runs.output(id));
}

function contextOf({ url, owner, workspaceId }: Workspace): RunContext {
  return { url: url(), owner, workspaceId };
}

function overridesIn(body: unknown): JsonObject {
  if (typeof body !== "object" || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => overrideNames.includes(name)));
}

function tokenIn(body: unknown): string | undefined {
  const token = textIn(body, "idempotency_token");
  if (token === undefined || token === "") return undefined;
  if (token.length > longestToken)
    throw invalidParameter(`The idempotency token has at most ${longestToken} characters.`);
  return token;
}

function hasOwn(body: unknown, name: string): boolean {
  return typeof body === "object" && body !== null && Object.hasOwn(body, name);
}

const versions = ["2.1", "2.2"];

export const runRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/jobs/run-now", handle: runNow }),
  ...inVersions(versions, { method: "POST", path: "/jobs/runs/submit", handle: submit }),
  ...inVersions(versions, { method: "GET", path: "/jobs/runs/get", handle: getRun }),
  ...inVersions(versions, { method: "GET", path: "/jobs/runs/get-output", handle: getOutput }),
  ...inVersions(versions, { method: "GET", path: "/jobs/runs/list", handle: listRuns }),
  ...inVersions(versions, { method: "POST", path: "/jobs/runs/cancel", handle: cancelRun }),
  ...inVersions(versions, { method: "POST", path: "/jobs/runs/delete", handle: deleteRun }),
  { method: "GET", path: "/jobs/{job_id}/runs/{run_id}", handle: showRun },
];
