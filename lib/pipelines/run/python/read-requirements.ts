import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { filesMatching } from "../match-files.ts";
import { capture, type Environ } from "./capture.ts";

/** Python knows TOML, and so do we with its help; before 3.11 only pip does. */
const tomlToJson = `
import json, sys
try:
    import tomllib
except ModuleNotFoundError:
    from pip._vendor import tomli as tomllib
with open(sys.argv[1], "rb") as file:
    print(json.dumps(tomllib.load(file), default=str))
`;

/** What a project installs in its jobs, as far as its files say: pyproject.toml with all extras, requirements files and environment.yml. */
export async function readRequirements(
  folder: string,
  python: string,
  environ: Environ,
): Promise<readonly string[]> {
  const files = await filesMatching(folder, "requirements.txt\n*/requirements.txt\n*/*/requirements.txt");
  const conda = await filesMatching(folder, "environment.yml\n*/environment.yml\n*/*/environment.yml");
  const lists = await Promise.all([
    readProject(join(folder, "pyproject.toml"), python, environ),
    ...files.map(readPip),
    ...conda.map(readConda),
  ]);
  return [...new Set(lists.flat())].toSorted();
}

async function readProject(path: string, python: string, environ: Environ): Promise<readonly string[]> {
  if (!existsSync(path)) return [];
  const content: unknown = JSON.parse((await capture([python, "-c", tomlToJson, path], environ)) ?? "{}");
  const project = valueAt(content, "project");
  const extras = valueAt(project, "optional-dependencies");
  const lists = [
    valueAt(valueAt(content, "build-system"), "requires"),
    valueAt(project, "dependencies"),
    ...(typeof extras === "object" && extras !== null ? Object.values(extras) : []),
  ];
  const [own = ""] = textsIn([valueAt(project, "name")]).map(normalName);
  return lists.flatMap(textsIn).filter((line) => normalName(line) !== own);
}

/** The name that a requirement begins with, as registries compare names. */
function normalName(line: string): string {
  const [name = ""] = /^[\w.-]*/.exec(line) ?? [];
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

async function readPip(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, "utf8"))
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => /^[A-Za-z0-9]/.test(line));
}

/** The packages of an environment file in pip's spelling; what pip would not understand is left to the job itself. */
async function readConda(path: string): Promise<readonly string[]> {
  const content: unknown = parse(await readFile(path, "utf8"));
  const dependencies = valueAt(content, "dependencies");
  if (!Array.isArray(dependencies)) return [];
  return dependencies.flatMap((entry: unknown) =>
    typeof entry === "string" ? ofCondaLine(entry.trim()) : textsIn(valueAt(entry, "pip")),
  );
}

const notFromPip = new Set(["python", "pip"]);

function ofCondaLine(line: string): readonly string[] {
  const found = /^([\w.-]+)\s*((?:[<>=!~]=|[<>]).*|=\s*[\d.]+)?$/.exec(line);
  if (found === null) return [];
  const [, name = "", version = ""] = found;
  if (notFromPip.has(name)) return [];
  const exact = /^=\s*([\d.]+)$/.exec(version)?.[1];
  return [exact === undefined ? `${name}${version}` : `${name}==${exact}.*`];
}

function valueAt(content: unknown, key: string): unknown {
  if (typeof content !== "object" || content === null) return undefined;
  return Object.entries(content).find(([name]) => name === key)?.[1];
}

function textsIn(content: unknown): readonly string[] {
  return Array.isArray(content) ? content.filter((entry) => typeof entry === "string") : [];
}
