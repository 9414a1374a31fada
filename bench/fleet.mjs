// How long `eac-model fleet update` takes for fleets of bare repositories on this machine, and how much memory: per repository it should be the same.
// Usage: node bench/fleet.mjs [sizes…], by default 125 250 500 1000; every repository has 40 files, of which the new version changes 14 and the team 8.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, setUp } from "../scripts/set-up.mjs";
import { gitEnvironment as env, repositoryMaker } from "./repositories.mjs";
import { filesBelow, packageCopy } from "./versions.mjs";

setUp();
const sizes = process.argv.slice(2).map(Number);
const work = mkdtempSync(join(tmpdir(), "eac-model-bench-fleet-"));
const filesPerRepository = 40;
const changedByTemplate = 14;

try {
  const kept = await fortyTemplates();
  const only = (name) => name === "ownership.yml" || name === "renames.yml" || kept.has(name);
  packageCopy(join(work, "older"), "1.0.0", (name, text) => (only(name) ? text : undefined));
  const changed = new Set([...kept].slice(0, changedByTemplate));
  const newer = packageCopy(join(work, "newer"), "1.1.0", (name, text) => {
    if (!only(name)) return undefined;
    return changed.has(name) ? `${text.trimEnd()}\n# a line of the new version\n` : text;
  });
  const make = await repositoryMaker(join(work, "older"), work);
  console.log(`Node ${process.version}, one process, ${filesPerRepository} files a repository`);
  for (const size of sizes.length > 0 ? sizes : [125, 250, 500, 1000])
    console.table([measure(newer, make, size)]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Template files that make exactly forty files for the answers of the benchmark: text of the platform first, so that there is something to merge. */
async function fortyTemplates() {
  const { readTemplates } = await load(root, "template/read-templates.js");
  const { renderTree } = await load(root, "template/render-tree.js");
  const { targetPath } = await load(root, "template/target-path.js");
  const templates = await readTemplates();
  const answers = await answersOf("model-0");
  const rendered = new Set(renderTree(templates, answers).map(({ path }) => path));
  const names = filesBelow(join(root, "templates", "model"))
    .filter((name) => /\.(ya?ml|py)(\.ejs)?$/.test(name) && name.includes("/"))
    .map((name) => ({ name, path: name.replace(/^[^/]+\//, "").replace(/\.ejs$/, "") }))
    .filter(({ path }) => rendered.has(targetPath(path, answers)));
  const sorted = names
    .filter(({ path }, index) => names.findIndex((other) => other.path === path) === index)
    .toSorted((left, right) => orderOf(left) - orderOf(right));
  return new Set(sorted.slice(0, filesPerRepository).map(({ name }) => name));
}

function orderOf({ name }) {
  return name.includes("pipelines/") ? 0 : 1;
}

async function answersOf(name) {
  const { parseAnswers } = await load(root, "answers/parse-answers.js");
  return parseAnswers({ model_name: name, team_name: "bench" });
}

/** Every fifth file is edited by the team. */
function withLineOfTheTeam(file, index) {
  if (index >= filesPerRepository) throw new Error(`There are more than ${filesPerRepository} files.`);
  if (index % 5 !== 0) return file;
  return { ...file, bytes: Buffer.concat([Buffer.from("# a line of the team\n"), file.bytes]) };
}

function measure(main, make, size) {
  const folder = join(work, `fleet-${size}`);
  const names = Array.from({ length: size }, (_, index) => `model-${index}`);
  for (const name of names) make(join(folder, `${name}.git`), name, withLineOfTheTeam);
  writeFileSync(join(folder, "list.txt"), names.map((name) => `${name}.git\n`).join(""));
  const peak = join(folder, "peak.txt");
  const note = `process.on("exit", () => fs.writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`;
  const script = `import fs from "node:fs"; ${note}`;
  const started = performance.now();
  const output = run(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(script)}`,
      main,
      "fleet",
      "update",
      "--repositories",
      "list.txt",
      "--yes",
      "--json",
    ],
    { cwd: folder, maxBuffer: 1 << 30 },
  );
  const ms = performance.now() - started;
  check(JSON.parse(output), folder, size);
  const row = {
    repositories: size,
    seconds: Number((ms / 1000).toFixed(2)),
    "ms each": Number((ms / size).toFixed(1)),
    "peak MB": Math.round(Number(readFileSync(peak, "utf8")) / 1024),
  };
  rmSync(folder, { recursive: true, force: true });
  return row;
}

/** Nothing counts that is not right: every repository has its update, with the line of the team and that of the templates. */
function check(report, folder, size) {
  if (report.totals.proposed !== size || report.withConflicts !== 0)
    throw new Error(
      JSON.stringify({ ...report, repositories: report.repositories.slice(0, 3) }, undefined, 2),
    );
  const path = join(folder, `model-${size - 1}.git`);
  const text = run("git", [
    `--git-dir=${path}`,
    "grep",
    "--count",
    "-e",
    "# a line of the",
    "eac-model/update",
  ]);
  const both = text.split("\n").filter((line) => line.endsWith(":2")).length;
  if (both === 0 || !existsSync(join(folder, "eac-model-fleet.jsonl"))) throw new Error(text);
}

function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { env, ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout.toString("utf8");
}

function load(folder, name) {
  return import(pathToFileURL(join(folder, "dist", "lib", name)).href);
}
