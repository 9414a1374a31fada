import { expect, test } from "@jest/globals";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTemplates } from "../../../lib/template/read-templates.ts";

const root = join(import.meta.dirname, "..", "..", "..");

test("reads the templates once", () => {
  expect(readTemplates()).toBe(readTemplates());
});

test("knows the version of the package and of the engine", async () => {
  const manifest: {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

  const { version, engines } = await readTemplates();

  expect(version).toBe(manifest.version);
  expect(engines).toEqual({ ejs: manifest.dependencies["ejs"] });
});

test("leaves out what Python tools leave behind", async () => {
  const { files } = await readTemplates();

  expect(files.filter(({ path }) => /__pycache__|\.pyc$|_cache\/|egg-info/.test(path))).toEqual([]);
});

test("renders only what is not Python", async () => {
  const names = await templateNames();

  expect(names.filter((name) => /\.(?:py|sh)\.ejs$/.test(name))).toEqual([]);
  expect(names.filter((name) => name.includes("<"))).toEqual([]);
});

test("inserts only through helpers", async () => {
  const rendered = (await templateNames()).filter((name) => name.endsWith(".ejs"));
  const problems: string[] = [];
  for (const name of rendered) {
    const text = await readFile(join(root, "templates", "model", name), "utf8");
    if (text.includes("<%-")) problems.push(name);
  }

  expect(rendered.length).toBeGreaterThan(5);
  expect(problems).toEqual([]);
});

async function templateNames(): Promise<string[]> {
  const folder = join(root, "templates", "model");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !/__pycache__|_cache|egg-info/.test(name));
}
