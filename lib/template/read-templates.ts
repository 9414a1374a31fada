import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { templatesMissing } from "../errors/catalogue/template.ts";
import { compileTemplate } from "./compile-template.ts";
import { isOverlayName } from "./overlays.ts";
import { parseOwnership } from "./ownership.ts";
import { parseRenames } from "./renames.ts";
import type { TemplateFile, TemplateSet } from "./template-set.ts";

const packageName = "generator-eac-model";
const ownershipFile = "ownership.yml";
const renamesFile = "renames.yml";
const renderedSuffix = ".ejs";

/** What Python tools leave behind when they are run on the templates where they lie. */
const leftBehind = /(?:^|\/)(?:__pycache__|\.[a-z]+_cache|[^/]+\.egg-info|\.coverage)(?:\/|$)|\.pyc$/;

let cached: Promise<TemplateSet> | undefined;

/** The templates that came with this package; read once, for all callers. */
export function readTemplates(): Promise<TemplateSet> {
  cached ??= Promise.resolve().then(() => readTemplateFolder(findPackage()));
  return cached;
}

interface PackageManifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface PackageFolder extends PackageManifest {
  readonly folder: string;
}

/** This package on the disk. lib/ and dist/lib/ differ in depth, so it is found by its name. */
export function findPackage(): PackageFolder {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const text = readOptional(join(folder, "package.json"));
    const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
    if (isOurs(manifest)) return { ...manifest, folder };
  }
  throw templatesMissing(import.meta.dirname);
}

function isOurs(manifest: unknown): manifest is PackageManifest {
  return (
    typeof manifest === "object" && manifest !== null && "name" in manifest && manifest.name === packageName
  );
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Synchronous on purpose: for a hundred small files it takes a third of the time. */
function readTemplateFolder({ folder, version, dependencies }: PackageFolder): TemplateSet {
  const root = join(folder, "templates", "model");
  const ownership = readOptional(join(root, ownershipFile));
  if (ownership === undefined) throw templatesMissing(root);
  const files = filesBelow(root)
    .filter((path) => path !== ownershipFile && path !== renamesFile)
    .map((path) => readTemplateFile(root, path));
  return {
    version,
    engines: { ejs: dependencies["ejs"] ?? "" },
    files,
    ownership: parseOwnership(ownership),
    renames: parseRenames(readOptional(join(root, renamesFile)) ?? ""),
    platformFiles: readPlatformFiles(join(folder, "templates", "platform")),
  };
}

function readPlatformFiles(root: string): TemplateSet["platformFiles"] {
  const names = existsSync(root) ? filesBelow(root) : [];
  if (names.length === 0) throw templatesMissing(root);
  return new Map(names.map((name) => [name, readFileSync(`${root}/${name}`)]));
}

/** Paths of the files, sorted. */
function filesBelow(root: string): readonly string[] {
  const found: string[] = [];
  collectFiles(root, "", found);
  return found.filter((path) => !leftBehind.test(path)).toSorted();
}

/** Node's own recursion takes as long for its paths as the reading of the files takes. */
function collectFiles(folder: string, prefix: string, found: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) found.push(prefix + entry.name);
    else if (entry.isDirectory()) collectFiles(`${folder}/${entry.name}`, `${prefix}${entry.name}/`, found);
  }
}

function readTemplateFile(root: string, name: string): TemplateFile {
  const [overlay = "", ...rest] = name.split("/");
  if (!isOverlayName(overlay))
    throw new Error(`templates/model/${name} is in no overlay that overlays.ts knows.`);
  const bytes = readFileSync(`${root}/${name}`);
  const path = rest.join("/");
  if (!path.endsWith(renderedSuffix)) return { overlay, path, bytes, render: () => bytes };
  return {
    overlay,
    path: path.slice(0, -renderedSuffix.length),
    render: lazyTemplate(name, bytes),
  };
}

/** Compiles on first use: a run renders half of the templates. */
function lazyTemplate(name: string, bytes: Uint8Array): TemplateFile["render"] {
  let compiled: ReturnType<typeof compileTemplate> | undefined;
  return (locals) => {
    compiled ??= compileTemplate(name, Buffer.from(bytes).toString("utf8"));
    return Buffer.from(compiled(locals), "utf8");
  };
}
