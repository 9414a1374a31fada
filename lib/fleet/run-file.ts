import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fleetRunFileForeign, fleetRunFileInvalid, fleetFileNotReadable } from "../errors/catalogue/fleet.ts";
import { isErrno } from "../errors/is-errno.ts";
import { fleetOutcomes, type FleetRow } from "./fleet-row.ts";

const schema = 1;
const syncEveryMs = 1000;

/** Which fleet a run brings to which version; a run goes on only with the same. */
export interface RunIdentity {
  readonly fleet: string;
  readonly to: string;
}

/**
 * The record of one run over a fleet: a line for the run, and one for every repository that is done, written the moment it is done.
 * A killed run loses at most the repositories it was working on; they are looked at again, which does nothing twice.
 */
export class RunFile implements Disposable {
  readonly #file: number;
  readonly #rows: Map<string, FleetRow>;
  #synced = performance.now();

  private constructor(file: number, rows: ReadonlyMap<string, FleetRow>) {
    this.#file = file;
    this.#rows = new Map(rows);
  }

  /** Goes on with the run that the file records, or begins a new one where that is finished, of another version, or absent. */
  static open(path: string, identity: RunIdentity): RunFile {
    try {
      const recorded = readRun(path);
      if (recorded === undefined || recorded.isFinished) return begin(path, identity);
      if (recorded.fleet !== identity.fleet) throw fleetRunFileForeign(path, recorded.fleet);
      if (recorded.to !== identity.to) return begin(path, identity);
      return RunFile.#appending(path, recorded.rows, recorded.isTorn);
    } catch (error) {
      throw isErrno(error) ? fleetFileNotReadable(path, error) : error;
    }
  }

  static #appending(path: string, rows: ReadonlyMap<string, FleetRow>, isTorn: boolean): RunFile {
    const file = openSync(path, "a");
    if (isTorn) writeSync(file, "\n");
    return new RunFile(file, rows);
  }

  /** What is recorded, by the names of the repositories. */
  get rows(): ReadonlyMap<string, FleetRow> {
    return this.#rows;
  }

  /** Records a repository; a later record of the same one wins. */
  record(row: FleetRow): void {
    this.#rows.set(row.name, row);
    writeSync(this.#file, `${JSON.stringify(row)}\n`);
    if (performance.now() - this.#synced < syncEveryMs) return;
    fdatasyncSync(this.#file);
    this.#synced = performance.now();
  }

  /** Records that every repository was looked at; the next run begins anew. */
  finish(): void {
    writeSync(this.#file, `${JSON.stringify({ finished: true })}\n`);
  }

  [Symbol.dispose](): void {
    fdatasyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** The file is there with its first line, or not at all. */
function begin(path: string, identity: RunIdentity): RunFile {
  const temporary = `${path}.${process.pid}.new`;
  const file = openSync(temporary, "w");
  writeSync(file, `${JSON.stringify({ schema, ...identity })}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
  syncFolder(dirname(path));
  return RunFile.open(path, identity);
}

/** A rename is on the disk when its folder is; where folders cannot be opened there is nothing to do. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

interface RecordedRun extends RunIdentity {
  readonly rows: ReadonlyMap<string, FleetRow>;
  readonly isFinished: boolean;
  /** The last line was being written when the run was killed. */
  readonly isTorn: boolean;
}

function readRun(path: string): RecordedRun | undefined {
  const text = readOptional(path);
  if (text === undefined) return undefined;
  const [head, ...lines] = text.split("\n").map((line) => parseLine(line));
  if (!isHead(head)) throw fleetRunFileInvalid(path);
  const rows = lines.filter(isRow).map((row) => [row.name, row] as const);
  return {
    ...head,
    rows: new Map(rows),
    isFinished: lines.some((line) => isRecord(line) && line["finished"] === true),
    isTorn: !text.endsWith("\n"),
  };
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A torn line counts as none. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHead(value: unknown): value is RunIdentity {
  return (
    isRecord(value) &&
    value["schema"] === schema &&
    typeof value["fleet"] === "string" &&
    typeof value["to"] === "string"
  );
}

function isRow(value: unknown): value is FleetRow {
  return (
    isRecord(value) &&
    typeof value["name"] === "string" &&
    fleetOutcomes.some((outcome) => outcome === value["outcome"]) &&
    Array.isArray(value["drift"]) &&
    Array.isArray(value["conflicts"]) &&
    isRecord(value["verdicts"])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
