import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runsNotKept } from "../../errors/catalogue/pipelines.ts";
import { isErrno } from "../../errors/is-errno.ts";
import type { RunResult } from "../../pipelines/run/run-types.ts";

/** What is remembered of a run, beside its artifacts, logs and test results. */
export interface RunRecord {
  readonly id: number;
  readonly number: string;
  readonly pipeline: string;
  readonly branch: string;
  readonly commit: string;
  readonly result: RunResult;
}

/** So many runs of each pipeline are kept, and always the last one that has succeeded. */
const mostKept = 5;
/** The runs of a repository that had none for that long are removed. */
const unusedMs = 60 * 24 * 60 * 60 * 1000;
/** No run goes on for that long; one without a record was killed. */
const killedMs = 2 * 24 * 60 * 60 * 1000;
const recordName = "run.json";

/** The runs of one repository on this machine, below the cache folder. */
export class RunStore {
  private readonly all: string;
  private readonly folder: string;

  constructor(cache: string, repository: string) {
    const name = createHash("sha256").update(repository).digest("hex").slice(0, 16);
    this.all = join(cache, "runs");
    this.folder = join(this.all, name);
  }

  /** Takes the next number and makes its folder, which no other run gets. */
  begin(): { readonly id: number; readonly folder: string } {
    return this.keep(() => this.takeNext());
  }

  private takeNext(): { readonly id: number; readonly folder: string } {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    removeOld(this.all, unusedMs, () => true);
    removeOld(this.folder, killedMs, (path) => !existsSync(join(path, recordName)));
    for (let id = Math.max(0, ...this.ids()) + 1; ; id += 1) {
      const folder = join(this.folder, String(id));
      if (takeFolder(folder)) return { id, folder };
    }
  }

  /** Remembers how a run ended, and forgets the oldest of its pipeline. */
  finish(record: RunRecord): void {
    const path = join(this.folder, String(record.id), recordName);
    this.keep(() => writeFileSync(path, `${JSON.stringify(record, undefined, 2)}\n`));
    const all = this.records().filter(({ pipeline }) => pipeline === record.pipeline);
    const best = bestOf(all);
    for (const { id } of all.slice(0, -mostKept)) {
      if (id !== best?.id) rmSync(join(this.folder, String(id)), { recursive: true, force: true });
    }
  }

  /** The last run of a pipeline that has succeeded, with the folder of its artifacts. */
  lastGood(pipeline: string): (RunRecord & { readonly artifacts: string }) | undefined {
    const found = bestOf(this.records().filter((record) => record.pipeline === pipeline));
    return found === undefined
      ? undefined
      : { ...found, artifacts: join(this.folder, String(found.id), "artifacts") };
  }

  /** A folder that cannot be written is for the person to mend. */
  private keep<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw isErrno(error) ? runsNotKept(this.folder, error.message) : error;
    }
  }

  private ids(): readonly number[] {
    return existsSync(this.folder) ? readdirSync(this.folder).map(Number).filter(Number.isInteger) : [];
  }

  /** In the order in which they began. */
  private records(): readonly RunRecord[] {
    return this.ids()
      .toSorted((left, right) => left - right)
      .flatMap((id) => readRecord(join(this.folder, String(id), recordName)) ?? []);
  }
}

/** False where another run has it already. */
function takeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes what lies in a folder and was left alone for that long; another process may do so at the same time. */
function removeOld(parent: string, ms: number, isMeant: (path: string) => boolean): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - changed > ms && isMeant(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** The last run without issues, because one with issues may have left out what others wait for; else the last with. */
function bestOf(records: readonly RunRecord[]): RunRecord | undefined {
  const last = (wanted: RunRecord["result"]): RunRecord | undefined =>
    records.findLast(({ result }) => result === wanted);
  return last("succeeded") ?? last("succeededWithIssues");
}

/** A run that was killed has left none. */
function readRecord(path: string): RunRecord | undefined {
  try {
    const record: RunRecord = JSON.parse(readFileSync(path, "utf8"));
    return record;
  } catch {
    return undefined;
  }
}
