import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localStateInvalid } from "../../../errors/catalogue/local.ts";
import { isObject, type JsonObject } from "../../devops/body.ts";
import { writeFileAtomically } from "../../devops/state/write-file-atomically.ts";

export interface StoredRecord {
  readonly id: string;
}

/** Records of one kind, in the order of their creation. */
export interface Collection<T extends StoredRecord> {
  list(): readonly T[];
  get(id: string): T | undefined;
  /** Returns when the record is on the disk. */
  put(record: T): void;
  remove(id: string): void;
}

/** Everything a workspace knows but its files and the output of its runs: one JSON file, replaced as a whole. */
export interface Store {
  /** The caller names a guard, because what is read from a file is not trusted to have its shape. */
  collection<T extends StoredRecord>(kind: string, isRecord: (value: unknown) => value is T): Collection<T>;
  /** A number that nothing else in the workspace has. */
  nextNumber(): number;
}

const schema = 1;
/** Not 1, so that a number in a test is never right by chance. */
const firstNumber = 1001;

/** Opens the state of a folder, or begins a new one. */
export function openStore(folder: string): Store {
  const path = join(folder, "state.json");
  const kinds = new Map<string, Map<string, StoredRecord>>();
  const { records, lastNumber } = readState(path);
  let last = lastNumber;
  const save = (): void => {
    const all = Object.fromEntries([...kinds].map(([kind, map]) => [kind, [...map.values()]]));
    writeFileAtomically(path, JSON.stringify({ schema, lastNumber: last, records: { ...records, ...all } }));
  };
  return {
    collection: (kind, isRecord) => {
      const stored = records[kind];
      const known = Array.isArray(stored) ? stored.filter((value) => isRecord(value)) : [];
      const map = new Map(known.map((record) => [record.id, record]));
      kinds.set(kind, map);
      return {
        list: () => [...map.values()],
        get: (id) => map.get(id),
        put: (record) => {
          map.set(record.id, record);
          save();
        },
        remove: (id) => {
          if (map.delete(id)) save();
        },
      };
    },
    nextNumber: () => (last += 1),
  };
}

function readState(path: string): { readonly records: JsonObject; readonly lastNumber: number } {
  if (!existsSync(path)) return { records: {}, lastNumber: firstNumber - 1 };
  const content = parse(path);
  if (!isObject(content)) throw localStateInvalid(path, "it does not have the expected form");
  const { records, lastNumber, schema: version } = content;
  if (typeof version === "number" && version > schema)
    throw localStateInvalid(path, "a newer version of eac-model wrote it");
  if (isObject(records) && typeof lastNumber === "number") return { records, lastNumber };
  throw localStateInvalid(path, "it does not have the expected form");
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw localStateInvalid(path, error instanceof Error ? error.message : String(error));
  }
}
