import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../devops/body.ts";
import { writeFileAtomically } from "../../devops/state/write-file-atomically.ts";

/** What a task left behind, without secrets. */
export interface RunOutput {
  readonly logs: string;
  readonly isTruncated: boolean;
  /** The exception in one line, and where it came from. */
  readonly error?: string;
  readonly trace?: string;
  /** What a notebook gave to dbutils.notebook.exit. */
  readonly result?: string;
}

/** Outputs of tasks, each in a file of its own. */
export interface RunOutputs {
  put(taskRunId: number, output: RunOutput): void;
  get(taskRunId: number): RunOutput | undefined;
  remove(taskRunId: number): void;
}

/** Opens the outputs of a workspace. */
export function openRunOutputs(folder: string): RunOutputs {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = (id: number): string => join(folder, `${id}.json`);
  return {
    put: (id, output) => writeFileAtomically(place(id), JSON.stringify(output)),
    get: (id) => read(place(id)),
    remove: (id) => rmSync(place(id), { force: true }),
  };
}

function read(path: string): RunOutput | undefined {
  try {
    const output: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isRunOutput(output) ? output : undefined;
  } catch {
    // A task that has not ended has no output.
    return undefined;
  }
}

function isRunOutput(value: unknown): value is RunOutput {
  return isObject(value) && typeof value["logs"] === "string" && typeof value["isTruncated"] === "boolean";
}
