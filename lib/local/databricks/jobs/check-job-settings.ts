import { isObject, listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { checkClusterSpec } from "../clusters/check-cluster-spec.ts";
import { invalidParameter } from "../workspace-error.ts";
import { dependenciesOf, keyOf, tasksOf } from "./job-record.ts";

const mostTasks = 100;
const taskKinds = /_task$/;

/** Settings of a job or of a single run that the service would take; refused in the service's own form otherwise. */
export function checkJobSettings(settings: unknown): JsonObject {
  if (!isObject(settings)) throw invalidParameter("Job settings must be specified.");
  const most = valueIn(settings, "max_concurrent_runs") ?? 1;
  if (typeof most !== "number" || most < 0 || most > 1000)
    throw invalidParameter("max_concurrent_runs must be between 0 and 1000.");
  const tasks = tasksOf(settings);
  if (tasks.length > mostTasks) throw invalidParameter(`A job has at most ${mostTasks} tasks.`);
  const keys = tasks.map((task) => keyOf(task));
  for (const [index, key] of keys.entries()) checkKey(key, keys.slice(0, index));
  for (const cluster of listIn(settings, "job_clusters")) checkClusterSpec(valueIn(cluster, "new_cluster"));
  for (const task of tasks) checkTask(task, keys, settings);
  checkCycles(tasks);
  return settings;
}

function checkKey(key: string, before: readonly string[]): void {
  if (!/^[\w-]{1,100}$/.test(key))
    throw invalidParameter(`Task key ${JSON.stringify(key)} must have 1 to 100 letters, digits, - or _.`);
  if (before.includes(key)) throw invalidParameter(`Task key ${key} is duplicated.`);
}

function checkTask(task: JsonObject, keys: readonly string[], settings: JsonObject): void {
  const key = keyOf(task);
  const kinds = Object.keys(task).filter((name) => taskKinds.test(name));
  if (kinds.length !== 1)
    throw invalidParameter(`Task ${key} must have exactly one kind, such as notebook_task.`);
  const unknown = dependenciesOf(task).find((other) => !keys.includes(other) || other === key);
  if (unknown !== undefined)
    throw invalidParameter(`Task ${key} depends on ${unknown}, which is no other task of the job.`);
  checkCompute(task, settings);
}

function checkCompute(task: JsonObject, settings: JsonObject): void {
  const key = keyOf(task);
  const given = ["existing_cluster_id", "new_cluster", "job_cluster_key", "environment_key"].filter((name) =>
    Object.hasOwn(task, name),
  );
  if (given.length > 1) throw invalidParameter(`Task ${key} has more than one of ${given.join(" and ")}.`);
  if (Object.hasOwn(task, "new_cluster")) checkClusterSpec(task["new_cluster"]);
  checkReference(task, settings, { name: "job_cluster_key", list: "job_clusters" });
  checkReference(task, settings, { name: "environment_key", list: "environments" });
  const isServerless = given.length === 0 || given[0] === "environment_key";
  if (isServerless && listIn(task, "libraries").length > 0)
    throw invalidParameter(`Libraries field is not supported for serverless task ${key}; use environments.`);
  if (given.length === 0 && !Object.hasOwn(task, "notebook_task"))
    throw invalidParameter(`Task ${key} needs a cluster, or an environment_key for serverless compute.`);
}

function checkReference(
  task: JsonObject,
  settings: JsonObject,
  { name, list }: { readonly name: string; readonly list: string },
): void {
  const wanted = textIn(task, name);
  if (wanted === undefined || listIn(settings, list).some((entry) => textIn(entry, name) === wanted)) return;
  throw invalidParameter(`Task ${keyOf(task)} names the ${name} ${wanted}, which is not in ${list}.`);
}

function checkCycles(tasks: readonly JsonObject[]): void {
  let open = tasks;
  for (;;) {
    const rest = open.filter((task) =>
      dependenciesOf(task).some((key) => open.some((other) => keyOf(other) === key)),
    );
    if (rest.length === 0) return;
    if (rest.length === open.length)
      throw invalidParameter(
        `Tasks depend on each other in a circle: ${rest.map((task) => keyOf(task)).join(", ")}.`,
      );
    open = rest;
  }
}
