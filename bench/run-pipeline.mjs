// How long it takes to expand and check all pipelines of a repository, and what a run adds to each step of a job.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setUp } from "../scripts/set-up.mjs";

setUp();
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist", "lib");
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { validatePipeline } = await load("pipelines/validate/validate-pipeline.js");
const { expandPipeline } = await load("pipelines/expand-pipeline.js");
const { readPipelineModel } = await load("pipelines/pipeline-model.js");
const { runPipeline } = await load("pipelines/run/run-pipeline.js");
const work = mkdtempSync(join(tmpdir(), "eac-model-bench-"));

try {
  const repository = join(work, "iris");
  const answers = join(root, "docs", "examples", "iris.yml");
  const words = [
    "init",
    repository,
    "--answers",
    answers,
    "--set",
    "maturity_level=5",
    "--yes",
    "--no-provision",
  ];
  execFileSync(process.execPath, [join(dist, "..", "bin", "eac-model.cjs"), ...words], { stdio: "ignore" });
  console.table([...checks(repository), ...(await steps())]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The first time is that of a command, which nothing has warmed up. */
function checks(repository) {
  const files = readdirSync(join(repository, "pipelines"))
    .filter((name) => name.endsWith("_pipeline.yml"))
    .map((name) => `pipelines/${name}`);
  const read = ({ path }) => {
    const file = join(repository, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const all = () => {
    for (const file of files)
      validatePipeline({ file, read, variables: { "Build.SourceBranchName": "main" } });
  };
  const times = Array.from({ length: 20 }, () => timed(all));
  return [
    row(`expand and check ${files.length} pipelines, first time`, times[0]),
    row(`expand and check ${files.length} pipelines, median`, median(times)),
  ];
}

/** A job of many steps that do nothing, beside the same number of shells. */
async function steps() {
  const count = 100;
  const text = `steps:\n  - checkout: none\n${"  - bash: 'true'\n".repeat(count)}`;
  const { root: node } = expandPipeline({ file: "pipeline.yml", read: () => text });
  const shells = timed(() => {
    for (let index = 0; index < count; index += 1) execFileSync("bash", ["-c", "true"]);
  });
  const start = performance.now();
  const { result } = await runPipeline({
    model: readPipelineModel(node),
    folder: join(work, "run"),
    source: { repository: work, branch: "main", commit: "0".repeat(40) },
    variables: {},
    groups: {},
    artifactsOf: () => undefined,
    approve: () => Promise.resolve("approved"),
    report: () => undefined,
    signal: new AbortController().signal,
    environ: { PATH: process.env.PATH, HOME: work },
  });
  if (result !== "succeeded") throw new Error(`The run has ${result}.`);
  const run = performance.now() - start;
  return [row("one bash alone", shells / count), row("one bash step of a run", run / count)];
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}

function row(name, ms) {
  return { name, ms: Math.round(ms * 10) / 10 };
}
