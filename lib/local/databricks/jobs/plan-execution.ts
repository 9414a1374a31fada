import { listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { textListIn, textsIn } from "../request-values.ts";
import { fillReferences, type References } from "./fill-references.ts";
import { keyOf } from "./job-record.ts";
import type { RunRecord } from "./run-record.ts";

/** What a task is to run. Paths are those of the workspace, parameters are whole. */
export type Execution =
  | {
      readonly kind: "notebook";
      readonly path: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: "file"; readonly path: string; readonly parameters: readonly string[] }
  | {
      readonly kind: "wheel";
      readonly packageName: string;
      readonly entryPoint: string;
      readonly parameters: readonly string[];
    }
  | { readonly kind: "impossible"; readonly why: string };

/** Reads what a task of a run is to do, with the parameters of the job and of the run in it. */
export function planExecution(task: JsonObject, run: RunRecord): Execution {
  const references = referencesOf(task, run);
  const fill = (text: string): string => fillReferences(text, references);
  const fillAll = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
  if (valueIn(task, "notebook_task") !== undefined) {
    const texts = {
      ...textsIn(valueIn(task, "notebook_task"), "base_parameters"),
      ...jobParametersOf(run),
      ...textsIn(run.overrides, "notebook_params"),
    };
    return {
      kind: "notebook",
      path: textIn(task, "notebook_task", "notebook_path") ?? "",
      parameters: fillAll(texts),
    };
  }
  if (valueIn(task, "spark_python_task") !== undefined) {
    const path = textIn(task, "spark_python_task", "python_file") ?? "";
    return { kind: "file", path, parameters: wordsOf(task["spark_python_task"], run).map(fill) };
  }
  if (valueIn(task, "python_wheel_task") !== undefined)
    return planWheel(task["python_wheel_task"], run, fill);
  const kind = Object.keys(task).find((name) => name.endsWith("_task")) ?? "nothing";
  return {
    kind: "impossible",
    why: `This workspace runs notebooks, Python files and wheels only, not ${kind}.`,
  };
}

function planWheel(wheel: unknown, run: RunRecord, fill: (text: string) => string): Execution {
  const named = { ...textsIn(wheel, "named_parameters"), ...textsIn(run.overrides, "python_named_params") };
  const words = Object.entries(named).map(([name, text]) => `--${name}=${text}`);
  return {
    kind: "wheel",
    packageName: textIn(wheel, "package_name") ?? "",
    entryPoint: textIn(wheel, "entry_point") ?? "",
    parameters: [...wordsOf(wheel, run), ...words].map(fill),
  };
}

/** The words of a task, or those that were given for this run instead. */
function wordsOf(task: unknown, { overrides }: RunRecord): readonly string[] {
  return valueIn(overrides, "python_params") === undefined
    ? textListIn(task, "parameters")
    : textListIn(overrides, "python_params");
}

/** Parameters of the job with their values in this run. */
export function jobParametersOf({ settings, overrides }: RunRecord): Readonly<Record<string, string>> {
  const defaults = listIn(settings, "parameters").map((parameter): [string, string] => [
    textIn(parameter, "name") ?? "",
    textIn(parameter, "default") ?? "",
  ]);
  return { ...Object.fromEntries(defaults), ...textsIn(overrides, "job_parameters") };
}

function referencesOf(task: JsonObject, run: RunRecord): References {
  const taskRun = run.tasks.find(({ key }) => key === keyOf(task));
  const start = new Date(run.startTime);
  const parameters = Object.entries(jobParametersOf(run)).map(([name, text]) => [
    `job.parameters.${name}`,
    text,
  ]);
  return {
    ...Object.fromEntries(parameters),
    "job.id": String(run.jobId),
    job_id: String(run.jobId),
    "job.name": run.name,
    "job.run_id": String(run.runId),
    run_id: String(taskRun?.runId ?? run.runId),
    "task.name": keyOf(task),
    "task.run_id": String(taskRun?.runId ?? run.runId),
    "job.start_time.iso_date": start.toISOString().slice(0, 10),
    "job.start_time.iso_datetime": start.toISOString(),
    "job.start_time.timestamp_ms": String(run.startTime),
  };
}
