import { readFileSync, readdirSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { templatesMissing } from "../errors/catalogue/template.ts";
import { compileTemplate } from "./compile-template.ts";
import { isOverlayName } from "./overlays.ts";
import { parseOwnership } from "./ownership.ts";
import type { TemplateFile, TemplateSet } from "./template-set.ts";

const packageName = "generator-eac-model";
const ownershipFile = "ownership.yml";
const renderedSuffix = ".ejs";

/** What Python tools leave behind when they are run on the templates where they lie. */
const leftBehind = /(?:^|\/)(?:__pycache__|\.[a-z]+_cache|[^/]+\.egg-info|\.coverage)(?:\/|$)|\.pyc$/;

let cached: Promise<TemplateSet> | undefined;

/** The templates that came with this package; read once in a process. */
export function readTemplates(): Promise<TemplateSet> {
  cached ??= Promise.resolve().then(() => readTemplateFolder(findPackage()));
  return cached;
}

interface PackageFolder {
  readonly folder: string;
  readonly version: string;
}

/** lib/ and dist/lib/ differ in depth, so the package is found by its name. */
function findPackage(): PackageFolder {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const version = packageVersion(join(folder, "package.json"));
    if (version !== undefined) return { folder, version };
  }
  throw templatesMissing(fileURLToPath(import.meta.url));
}

function packageVersion(path: string): string | undefined {
  const text = readOptional(path);
  if (text === undefined) return undefined;
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== "object" || manifest === null) return undefined;
  if (!("name" in manifest && "version" in manifest) || manifest.name !== packageName) return undefined;
  return String(manifest.version);
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Synchronous on purpose: for a hundred small files it takes a third of the time. */
function readTemplateFolder({ folder, version }: PackageFolder): TemplateSet {
  const root = join(folder, "templates", "model");
  const ownership = readOptional(join(root, ownershipFile));
  if (ownership === undefined) throw templatesMissing(root);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => templatePath(root, entry))
    .filter((path) => path !== ownershipFile && !leftBehind.test(path))
    .toSorted()
    .map((path) => readTemplateFile(root, path));
  return { version, files, ownership: parseOwnership(ownership) };
}

function templatePath(root: string, entry: Dirent): string {
  return relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/");
}

function readTemplateFile(root: string, name: string): TemplateFile {
  const [overlay = "", ...rest] = name.split("/");
  if (!isOverlayName(overlay))
    throw new Error(`templates/model/${name} is in no overlay that overlays.ts knows.`);
  const bytes = readFileSync(join(root, name));
  const path = rest.join("/");
  if (!path.endsWith(renderedSuffix)) return { overlay, path, render: () => bytes };
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
