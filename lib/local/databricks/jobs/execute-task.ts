import { dirname } from "node:path";
import { textIn, type JsonObject } from "../../devops/body.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { localValue, parseWorkspacePath, placeOf } from "../files/workspace-path.ts";
import { redact } from "../python/redact.ts";
import { runPython, type PythonResult } from "../python/run-python.ts";
import type { Secrets } from "../state/secrets.ts";
import type { Execution } from "./plan-execution.ts";
import type { Compute } from "./prepare-compute.ts";
import type { RunOutput } from "./run-output.ts";
import { notRun, succeeded, type RunState } from "./run-state.ts";

export interface ExecutionContext {
  readonly files: WorkspaceFiles;
  /** Where tables and the files of dbutils.fs are. */
  readonly folder: string;
  readonly secrets: Secrets;
  /** Values that nobody is shown, besides those of secrets. */
  readonly hidden: readonly string[];
  /** Variables of a process on this compute. */
  readonly environOf: (compute: Compute) => Readonly<Record<string, string>>;
}

export interface TaskEnd {
  readonly state: RunState;
  readonly output: RunOutput;
}

/** What run_notebook.py is told, with paths of this machine; or why there is nothing to run. */
export type ProcessPlan =
  | { readonly kind: "process"; readonly task: JsonObject; readonly cwd: string }
  | { readonly kind: "refused"; readonly state: RunState };

const failed: RunState = {
  lifeCycle: "TERMINATED",
  result: "FAILED",
  code: "RUN_EXECUTION_ERROR",
  message: "Workload failed, see run output for details",
};

/** Decides what runs for a task. Parameters that name a path of the workspace are handed over as paths of this machine. */
export function planProcess(execution: Execution, files: WorkspaceFiles): ProcessPlan {
  switch (execution.kind) {
    case "notebook":
      return planNotebook(execution, files);
    case "file":
      return planFile(execution, files);
    case "wheel": {
      const { packageName, entryPoint } = execution;
      const parameters = execution.parameters.map((value) => localValue(files.root, value));
      const task = { kind: "wheel", packageName, entryPoint, parameters };
      return { kind: "process", task, cwd: files.root };
    }
    case "impossible":
      return refused(notRun("INVALID_RUN_CONFIGURATION", execution.why));
  }
}

function planNotebook(
  { path, parameters }: Extract<Execution, { readonly kind: "notebook" }>,
  files: WorkspaceFiles,
): ProcessPlan {
  const notebook = path.startsWith("/") ? files.find(parseWorkspacePath(path)) : undefined;
  if (notebook?.type !== "NOTEBOOK")
    return refused(notRun("RESOURCE_NOT_FOUND", `Notebook not found: ${path}`));
  if (notebook.language !== "PYTHON") {
    const message = `${path} is a notebook in ${notebook.language}; this workspace runs Python only.`;
    return refused(notRun("INVALID_RUN_CONFIGURATION", message));
  }
  const place = placeOf(files.root, notebook.path);
  const values = Object.entries(parameters).map(([name, value]) => [name, localValue(files.root, value)]);
  const task = {
    kind: "notebook",
    path: place,
    notebookPath: notebook.path,
    parameters: Object.fromEntries(values),
  };
  return { kind: "process", task, cwd: dirname(place) };
}

function planFile(
  { path, parameters }: Extract<Execution, { readonly kind: "file" }>,
  files: WorkspaceFiles,
): ProcessPlan {
  const file = path.startsWith("/") ? files.find(parseWorkspacePath(path)) : undefined;
  if (file?.type !== "FILE")
    return refused(notRun("RESOURCE_NOT_FOUND", `Cannot read the python file ${path}.`));
  const place = placeOf(files.root, file.path);
  const words = parameters.map((value) => localValue(files.root, value));
  return { kind: "process", task: { kind: "file", path: place, parameters: words }, cwd: dirname(place) };
}

/** Runs the code of a task to its end. */
export async function executeTask(
  context: ExecutionContext,
  plan: Extract<ProcessPlan, { readonly kind: "process" }>,
  { compute, signal }: { readonly compute: Compute; readonly signal: AbortSignal },
): Promise<TaskEnd> {
  const { files, folder, environOf, secrets } = context;
  const conf = Object.fromEntries(
    Object.entries(compute.conf).map(([name, value]) => [name, secrets.fill(value)]),
  );
  const task = { ...plan.task, workspace: files.root, folder, conf };
  const { python } = compute.environment;
  const result = await runPython({ python, task, cwd: plan.cwd, environ: environOf(compute), signal });
  const show = (text: string): string => redact(text, [...context.hidden, ...secrets.values()]);
  const output = outputOf(result, show, files.root);
  return { state: output.error === undefined ? succeeded : failed, output };
}

function outputOf(
  { exitCode, output, isTruncated, report }: PythonResult,
  show: (text: string) => string,
  root: string,
): RunOutput {
  const logs = show(output);
  if (report === undefined) {
    const words = exitCode === undefined ? "was killed" : `ended with code ${exitCode}`;
    return { logs, isTruncated, error: `The Python process ${words} before the task was done.` };
  }
  const error = textIn(report, "error");
  // As in the service, where the files of the workspace are below /Workspace.
  const trace = textIn(report, "trace")?.replaceAll(root, "/Workspace");
  const result = textIn(report, "result");
  return {
    logs,
    isTruncated,
    ...(error === undefined ? {} : { error: show(error) }),
    ...(trace === undefined ? {} : { trace: show(trace) }),
    ...(result === undefined ? {} : { result: show(result) }),
  };
}

function refused(state: RunState): ProcessPlan {
  return { kind: "refused", state };
}
