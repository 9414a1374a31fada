import { isMapping } from "../answers/answers-input.ts";
import { answersVersion } from "../answers/migrations.ts";
import { stateInvalid, stateTooNew } from "../errors/catalogue/update.ts";
import type { Owner } from "../template/ownership.ts";
import type { FileMode } from "../template/rendered-tree.ts";
import { isSafePath } from "./safe-path.ts";
import { statePaths } from "./state-paths.ts";

/** The form of manifest.json and baseline.json.gz; a public contract that changes only with a migration. */
export const stateSchema = 1;

export interface ManifestFile {
  readonly mode: FileMode;
  readonly owner: Owner;
  readonly sha256: string;
}

/** From which templates, by which engine, with which answers a repository was rendered, and what came out. */
export interface Manifest {
  readonly schema: typeof stateSchema;
  readonly template: { readonly name: string; readonly version: string; readonly treeSha256: string };
  /** Versions of the packages that decide about the bytes. */
  readonly engines: Readonly<Record<string, string>>;
  readonly answersSha256: string;
  /** The version of the schema that the answers were written for. */
  readonly answersVersion: number;
  readonly files: Readonly<Record<string, ManifestFile>>;
  /** Paths that the last update left with conflicts, and the copies of the template's side beside them. */
  readonly unresolved: readonly string[];
  /** Paths that the team took over; no update touches them. */
  readonly released: readonly string[];
}

/** The text of manifest.json: sorted keys, two blanks, one line feed at the end; lists that are empty are left out. */
export function formatManifest({ unresolved, released, ...manifest }: Manifest): string {
  const lists = Object.entries({ unresolved, released }).filter(([, paths]) => paths.length > 0);
  return `${JSON.stringify({ ...manifest, ...Object.fromEntries(lists) }, sortKeys, 2)}\n`;
}

/** Reads manifest.json, which anyone may have edited: every value is checked, every path stays inside the repository. */
export function parseManifest(text: string): Manifest {
  const content = parseJson(text);
  if (!isMapping(content)) throw invalid("it is not an object");
  refuseNewer(content);
  const manifest = { answersVersion: 1, unresolved: [], released: [], ...content };
  if (!isManifest(manifest)) throw invalid("a value is missing or of the wrong kind");
  return manifest;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid("it is not JSON", error);
  }
}

function refuseNewer(content: Readonly<Record<string, unknown>>): void {
  const { schema, template, answersVersion: answers } = content;
  const isNewer =
    (typeof schema === "number" && schema > stateSchema) ||
    (typeof answers === "number" && answers > answersVersion);
  if (!isNewer) return;
  const version = isMapping(template) ? String(template["version"]) : "unknown";
  throw stateTooNew(statePaths.manifest, version);
}

function isManifest(value: unknown): value is Manifest {
  return (
    isMapping(value) &&
    value["schema"] === stateSchema &&
    isTemplate(value["template"]) &&
    isTextRecord(value["engines"]) &&
    isSha256(value["answersSha256"]) &&
    isVersion(value["answersVersion"]) &&
    isFiles(value["files"]) &&
    isPathList(value["unresolved"]) &&
    isPathList(value["released"])
  );
}

function isTemplate(value: unknown): value is Manifest["template"] {
  return (
    isMapping(value) &&
    typeof value["name"] === "string" &&
    typeof value["version"] === "string" &&
    isSha256(value["treeSha256"])
  );
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isMapping(value) && Object.values(value).every((entry) => typeof entry === "string");
}

function isFiles(value: unknown): value is Manifest["files"] {
  return (
    isMapping(value) &&
    Object.keys(value).every((path) => isSafePath(path)) &&
    Object.values(value).every((file) => isFile(file))
  );
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1;
}

function isPathList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === "string" && isSafePath(path));
}

function isFile(value: unknown): value is ManifestFile {
  return (
    isMapping(value) &&
    (value["mode"] === "100644" || value["mode"] === "100755") &&
    (value["owner"] === "platform" || value["owner"] === "team") &&
    isSha256(value["sha256"])
  );
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function invalid(why: string, cause?: unknown): Error {
  return stateInvalid(statePaths.manifest, why, cause);
}
