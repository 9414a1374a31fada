import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { isObject } from "../../devops/body.ts";
import type { Collection, Store } from "../state/store.ts";
import { alreadyThere, invalidParameter, notThere, WorkspaceError } from "../workspace-error.ts";
import { languages, type Language, type PlannedImport } from "./plan-import.ts";
import { parentOf, placeOf } from "./workspace-path.ts";

/** What is at a path of the workspace. */
export interface WorkspaceObject {
  readonly path: string;
  readonly objectId: number;
  readonly type: "NOTEBOOK" | "FILE" | "DIRECTORY";
  /** Of a notebook. */
  readonly language: Language | undefined;
  readonly stats: Stats;
}

/** What the disk does not say about an object; `id` is its path. */
interface ObjectRecord {
  readonly id: string;
  readonly objectId: number;
  readonly language?: Language;
}

const lasting = ["/", "/Users", "/Shared"];

/** Folders, notebooks and files; they lie in a folder of this machine under their own names, notebooks without an extension. */
export class WorkspaceFiles {
  readonly root: string;
  readonly #incoming: string;
  readonly #store: Store;
  readonly #records: Collection<ObjectRecord>;

  /** Opens the files of a workspace; its owner's home is there from the start. */
  constructor(folder: string, store: Store, owner: string) {
    this.root = join(folder, "workspace");
    this.#incoming = join(folder, "incoming");
    this.#store = store;
    this.#records = store.collection("object", isObjectRecord);
    for (const path of [...lasting, `/Users/${owner}`]) this.makeFolder(path);
  }

  find(path: string): WorkspaceObject | undefined {
    const stats = statSync(placeOf(this.root, path), { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const { objectId, language } = this.#records.get(path) ?? this.#remember(path, undefined);
    if (stats.isDirectory()) return { path, objectId, type: "DIRECTORY", language: undefined, stats };
    return { path, objectId, type: language === undefined ? "FILE" : "NOTEBOOK", language, stats };
  }

  get(path: string): WorkspaceObject {
    const object = this.find(path);
    if (object === undefined) throw notThere(`Path (${path}) doesn't exist.`);
    return object;
  }

  /** What is in a folder, by name; of anything else, itself. */
  list(path: string): readonly WorkspaceObject[] {
    const object = this.get(path);
    if (object.type !== "DIRECTORY") return [object];
    const names = readdirSync(placeOf(this.root, path)).toSorted();
    return names.map((name) => this.get(path === "/" ? `/${name}` : `${path}/${name}`));
  }

  read(path: string): Buffer {
    return readFileSync(placeOf(this.root, path));
  }

  /** Makes a folder and those above it. */
  makeFolder(path: string): void {
    const obstacle = ancestorsOf(path).find((at) => (this.find(at)?.type ?? "DIRECTORY") !== "DIRECTORY");
    if (obstacle !== undefined) throw alreadyThere(`${obstacle} already exists and it is not a folder.`);
    mkdirSync(placeOf(this.root, path), { recursive: true });
  }

  write(planned: PlannedImport, overwrite: boolean): void {
    const { path, language, bytes } = planned;
    const parent = parentOf(path);
    if (this.find(parent)?.type !== "DIRECTORY")
      throw notThere(`The parent folder (${parent}) does not exist.`);
    refuseOverwrite(this.find(path), planned, overwrite);
    writeFileSync(this.#incoming, bytes);
    renameSync(this.#incoming, placeOf(this.root, path));
    this.#remember(path, language);
  }

  remove(path: string, recursive: boolean): void {
    const { type } = this.get(path);
    if (lasting.includes(path))
      throw new WorkspaceError(400, "DIRECTORY_PROTECTED", `Folder ${path} is protected.`);
    if (type === "DIRECTORY" && !recursive && this.list(path).length > 0)
      throw new WorkspaceError(400, "DIRECTORY_NOT_EMPTY", `Folder (${path}) is not empty.`);
    rmSync(placeOf(this.root, path), { recursive: true });
    const gone = this.#records.list().filter(({ id }) => id === path || id.startsWith(`${path}/`));
    for (const { id } of gone) this.#records.remove(id);
  }

  #remember(path: string, language: Language | undefined): ObjectRecord {
    const objectId = this.#records.get(path)?.objectId ?? this.#store.nextNumber();
    const record = { id: path, objectId, ...(language === undefined ? {} : { language }) };
    this.#records.put(record);
    return record;
  }
}

function refuseOverwrite(
  existing: WorkspaceObject | undefined,
  { path, language }: PlannedImport,
  overwrite: boolean,
): void {
  if (existing === undefined) return;
  if (!overwrite) throw alreadyThere(`Path (${path}) already exists.`);
  const asked = language === undefined ? "FILE" : "NOTEBOOK";
  if (existing.type === asked) return;
  throw invalidParameter(
    `Cannot overwrite the asset at ${path} due to type mismatch (asked: ${asked}, actual: ${existing.type}).`,
  );
}

/** The path and every folder above it. */
function ancestorsOf(path: string): readonly string[] {
  const segments = path.split("/").filter((segment) => segment !== "");
  return segments.map((_, index) => `/${segments.slice(0, index + 1).join("/")}`);
}

function isObjectRecord(value: unknown): value is ObjectRecord {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    typeof value["objectId"] === "number" &&
    (value["language"] === undefined || languages.some((language) => language === value["language"]))
  );
}
