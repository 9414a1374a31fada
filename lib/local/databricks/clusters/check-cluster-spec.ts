import { isObject, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { invalidParameter } from "../workspace-error.ts";

const sparkVersion = /^\d+\.(\d+|x)\.x-([a-z0-9-]+-)?scala2\.1[23]$/;
const nodeType = /^(Standard_\w+|[a-z][a-z0-9-]*\.[a-z0-9]+)$/;

/** What a cluster was asked to be, where the service would take it; refused in the service's own form otherwise. */
export function checkClusterSpec(spec: unknown): JsonObject {
  if (!isObject(spec)) throw invalidParameter("Missing required field: spark_version");
  checkRuntime(textIn(spec, "spark_version"));
  checkNodeTypes(spec);
  checkSize(spec);
  checkTermination(valueIn(spec, "autotermination_minutes"));
  return spec;
}

function checkRuntime(version: string | undefined): void {
  if (version === undefined) throw invalidParameter("Missing required field: spark_version");
  if (!sparkVersion.test(version)) throw invalidParameter(`Invalid spark version ${version}.`);
}

function checkNodeTypes(spec: JsonObject): void {
  const given = textIn(spec, "node_type_id");
  const comesFromElsewhere = ["instance_pool_id", "policy_id", "kind"].some((name) =>
    Object.hasOwn(spec, name),
  );
  if (given === undefined && !comesFromElsewhere)
    throw invalidParameter("Missing required field: node_type_id");
  for (const name of [given, textIn(spec, "driver_node_type_id")])
    if (name !== undefined && !nodeType.test(name))
      throw invalidParameter(`Node type ${name} is not supported.`);
}

function checkSize(spec: JsonObject): void {
  const workers = valueIn(spec, "num_workers");
  const autoscale = valueIn(spec, "autoscale");
  if (workers !== undefined && autoscale !== undefined)
    throw invalidParameter("Exactly 1 of num_workers and autoscale must be specified.");
  if (workers !== undefined && !isCount(workers)) throw invalidParameter("num_workers must not be negative.");
  if (autoscale === undefined) return;
  const [least, most] = [valueIn(autoscale, "min_workers"), valueIn(autoscale, "max_workers")];
  if (!isCount(least) || !isCount(most) || least > most)
    throw invalidParameter("max_workers must not be less than min_workers.");
}

function checkTermination(minutes: unknown): void {
  if (minutes === undefined || minutes === 0) return;
  if (!isCount(minutes) || minutes < 10 || minutes > 10_000)
    throw invalidParameter("autotermination_minutes must be 0, or between 10 and 10000.");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
