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
import type { Store } from "../state/store.ts";
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

/** Folders, notebooks and files; they lie in a folder of this machine under their own names, notebooks without an extension. */
export interface WorkspaceFiles {
  readonly root: string;
  find(path: string): WorkspaceObject | undefined;
  get(path: string): WorkspaceObject;
  list(path: string): readonly WorkspaceObject[];
  read(path: string): Buffer;
  makeFolder(path: string): void;
  write(planned: PlannedImport, overwrite: boolean): void;
  remove(path: string, recursive: boolean): void;
}

/** What the disk does not say about an object; `id` is its path. */
interface ObjectRecord {
  readonly id: string;
  readonly objectId: number;
  readonly language?: Language;
}

const lasting = ["/", "/Users", "/Shared"];

/** Opens the files of a workspace; its owner's home is there from the start. */
export function openWorkspaceFiles(folder: string, store: Store, owner: string): WorkspaceFiles {
  const root = join(folder, "workspace");
  const records = store.collection("object", isObjectRecord);
  for (const path of [...lasting, `/Users/${owner}`]) mkdirSync(placeOf(root, path), { recursive: true });

  const find = (path: string): WorkspaceObject | undefined => {
    const stats = statSync(placeOf(root, path), { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const { objectId, language } = records.get(path) ?? remember(path, undefined);
    if (stats.isDirectory()) return { path, objectId, type: "DIRECTORY", language: undefined, stats };
    return { path, objectId, type: language === undefined ? "FILE" : "NOTEBOOK", language, stats };
  };
  const remember = (path: string, language: Language | undefined): ObjectRecord => {
    const objectId = records.get(path)?.objectId ?? store.nextNumber();
    const record = { id: path, objectId, ...(language === undefined ? {} : { language }) };
    records.put(record);
    return record;
  };
  const get = (path: string): WorkspaceObject => {
    const object = find(path);
    if (object === undefined) throw notThere(`Path (${path}) doesn't exist.`);
    return object;
  };
  return {
    root,
    find,
    get,
    list: (path) => {
      if (get(path).type !== "DIRECTORY") return [get(path)];
      const names = readdirSync(placeOf(root, path)).toSorted();
      return names.map((name) => get(path === "/" ? `/${name}` : `${path}/${name}`));
    },
    read: (path) => readFileSync(placeOf(root, path)),
    makeFolder: (path) => {
      const obstacle = ancestorsOf(path).find((at) => (find(at)?.type ?? "DIRECTORY") !== "DIRECTORY");
      if (obstacle !== undefined) throw alreadyThere(`${obstacle} already exists and it is not a folder.`);
      mkdirSync(placeOf(root, path), { recursive: true });
    },
    write: (planned, overwrite) => {
      const { path, language, bytes } = planned;
      if (find(parentOf(path))?.type !== "DIRECTORY")
        throw notThere(`The parent folder (${parentOf(path)}) does not exist.`);
      refuseOverwrite(find(path), planned, overwrite);
      const incoming = join(folder, "incoming");
      writeFileSync(incoming, bytes);
      renameSync(incoming, placeOf(root, path));
      remember(path, language);
    },
    remove: (path, recursive) => {
      const { type } = get(path);
      if (lasting.includes(path))
        throw new WorkspaceError(400, "DIRECTORY_PROTECTED", `Folder ${path} is protected.`);
      if (type === "DIRECTORY" && !recursive && readdirSync(placeOf(root, path)).length > 0)
        throw new WorkspaceError(400, "DIRECTORY_NOT_EMPTY", `Folder (${path}) is not empty.`);
      rmSync(placeOf(root, path), { recursive: true });
      const gone = records.list().filter(({ id }) => id === path || id.startsWith(`${path}/`));
      for (const { id } of gone) records.remove(id);
    },
  };
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
