// Rolls a real change of the templates over a fleet in the local organisation: a pipeline template gets another name, a stage is split, a file goes,
// a default changes. The teams have edited their repositories (seeded); the run is killed in the middle and goes on. Everything is checked, down to
// the files on the branches.
// Usage: node bench/rollout.mjs [repositories] [PR pipelines to run] [seed], by default 200, 3 and 1.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setUp } from "../scripts/set-up.mjs";
import { gitEnvironment, repositoryMaker } from "./repositories.mjs";
import {
  edits,
  legacyReport,
  newerTemplate,
  olderTemplate,
  paths,
  renamedTemplate,
} from "./rollout-change.mjs";
import { packageCopy } from "./versions.mjs";

const [count = 200, runs = 3, seed = 1] = process.argv.slice(2).map(Number);
const project = "AnalyticsOps";
setUp();
const work = mkdtempSync(join(tmpdir(), "eac-model-rollout-"));
// What runs of pipelines have installed once is used again.
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const env = { ...gitEnvironment, HOME: work, XDG_CACHE_HOME: cache, EAC_MODEL_HOME: join(work, "home") };
const older = packageCopy(join(work, "older"), "1.0.0", olderTemplate);
writeTemplate("older", paths.deleted, legacyReport);
const newer = packageCopy(join(work, "newer"), "1.1.0", newerTemplate);
writeTemplate(
  "newer",
  paths.moved,
  renamedTemplate(readFileSync(templatePath("older", paths.movedFrom), "utf8")),
);
const fleetWords = [
  "fleet",
  "update",
  "--local",
  "--project",
  project,
  "--yes",
  "--json",
  "--run-file",
  join(work, "run.jsonl"),
];
let organization;

try {
  console.log(`${count} repositories, seed ${seed}`);
  organization = startOrganization("--no-pipelines");
  const fleet = await timed("made, edited and pushed", makeFleet);
  const killed = await timed("updated and killed", () => updateAndKill(Math.floor(count / 3)));
  const report = await timed("continued to the end", () => update("report.md"));
  checkReport(report, fleet, killed);
  await timed("checked every pull request and branch", () => checkBranches(report, fleet));
  checkAgain(await timed("asked again", () => update("again.md")));
  if (runs > 0) await timed(`ran ${runs} PR pipelines`, () => runPipelines(report, fleet));
  console.log(JSON.stringify({ ...report, repositories: report.repositories.length }));
} finally {
  command(newer, ["local", "stop"], { mayFail: true });
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function startOrganization(...options) {
  command(newer, ["local", "start", "--only-devops", ...options]);
  const { url, tokenFile } = JSON.parse(command(newer, ["local", "status", "--json"]));
  return { url, token: readFileSync(tokenFile, "utf8").trim() };
}

function templatePath(version, path) {
  return join(work, version, "templates", "model", "base", path);
}

function writeTemplate(version, path, text) {
  writeFileSync(templatePath(version, path), text);
}

/** The first ones are provisioned like any model, with policies and pipelines; the others are repositories only. */
async function makeFleet() {
  const kinds = Object.keys(edits);
  const random = generator(seed);
  const make = await repositoryMaker(join(work, "older"), work);
  const fleet = new Map();
  for (let index = 0; index < count; index += 1) {
    const name = `model-${String(index).padStart(3, "0")}`;
    const kind =
      index < runs ? ["nothing", "moved file", "beside the split"][index % 3] : kinds[random(kinds.length)];
    const { path, edit } = edits[kind];
    const bare = join(work, "models", `${name}.git`);
    make(bare, name, (file) => (file.path === path ? { ...file, bytes: edited(file.bytes, edit) } : file));
    if (index < runs) provision(bare, name);
    else await pushRepository(bare, name);
    fleet.set(name, kind);
  }
  return fleet;
}

function edited(bytes, edit) {
  const before = Buffer.from(bytes).toString("utf8");
  const after = edit(before);
  if (after === before) throw new Error("An edit of bench/rollout-change.mjs changes nothing any more.");
  return Buffer.from(after);
}

function provision(bare, name) {
  const clone = join(work, "clones", name);
  git(bare, "clone", "--quiet", ".", clone);
  command(older, ["provision", clone, "--local", "--yes"]);
}

async function pushRepository(folder, name) {
  await ask("POST", `${project}/_apis/git/repositories`, { name });
  git(folder, "push", "--quiet", `${organization.url}/${project}/_git/${name}`, "main");
}

/** Kills the run as soon as so many repositories are done; answers how many were. */
async function updateAndKill(most) {
  const child = spawn(process.execPath, [newer, ...fleetWords], { cwd: work, env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = () =>
    existsSync(join(work, "run.jsonl"))
      ? readFileSync(join(work, "run.jsonl"), "utf8").split("\n").length - 2
      : 0;
  while (child.exitCode === null && lines() < most) await sleep(5);
  if (child.exitCode !== null) throw new Error("The run ended before it could be killed.");
  child.kill("SIGKILL");
  await ended;
  return lines();
}

function update(page) {
  const result = spawnSync(process.execPath, [newer, ...fleetWords, "--report", join(work, page)], {
    cwd: work,
    env,
    maxBuffer: 1 << 28,
  });
  if (![0, 2].includes(result.status ?? 1)) throw new Error(`${result.stdout}${result.stderr}`);
  return JSON.parse(result.stdout.toString("utf8"));
}

function checkReport(report, fleet, killed) {
  const withConflicts = [...fleet.values()].filter((kind) => edits[kind].conflicts.length > 0).length;
  const done = report.repositories.filter(({ outcome }) =>
    ["proposed", "renewed", "waiting"].includes(outcome),
  );
  expect(killed > 0 && killed < count, `the run was killed in the middle: ${killed} of ${count}`);
  expect(report.complete && report.total === count && done.length === count, JSON.stringify(report.totals));
  for (const { name, from, to, conflicts, drift } of report.repositories) {
    const kind = fleet.get(name);
    const { path, conflicts: expected } = edits[kind];
    const drifted = path === undefined || path === "README.md" ? [] : [path];
    expect(from === "1.0.0" && to === "1.1.0", `${name}: ${from} to ${to}`);
    expect(same(conflicts, expected), `${name} (${kind}): conflicts ${conflicts}, not ${expected}`);
    expect(same(drift, drifted), `${name} (${kind}): drift ${drift.join(", ")}, not ${drifted.join(", ")}`);
  }
  expect(
    report.withConflicts === withConflicts,
    `${report.withConflicts} with conflicts, not ${withConflicts}`,
  );
  const page = readFileSync(join(work, "report.md"), "utf8");
  expect(page.split("\n").filter((line) => line.startsWith("| `model-")).length === count, "a row for each");
}

async function checkBranches(report, fleet) {
  for (const { name, pullRequest, conflicts } of report.repositories) {
    const list = `${project}/_apis/git/repositories/${name}/pullrequests?searchCriteria.status=all`;
    const { value } = await ask("GET", list);
    expect(value.length === 1 && value[0].status === "active", `${name} has ${value.length} pull requests`);
    expect(value[0].pullRequestId === pullRequest.id, `${name}: the report names another pull request`);
    expect(value[0].isDraft === conflicts.length > 0, `${name}: draft ${value[0].isDraft}`);
    checkFiles(name, edits[fleet.get(name)]);
  }
}

function checkFiles(name, { conflicts, holds = {} }) {
  const folder = join(work, "models", `${name}.git`);
  git(folder, "fetch", "--quiet", `${organization.url}/${project}/_git/${name}`, "eac-model/update");
  const read = (path) => git(folder, "show", `FETCH_HEAD:${path}`);
  const all = git(folder, "ls-tree", "-r", "--name-only", "FETCH_HEAD").split("\n");
  for (const [path, text] of Object.entries(holds))
    expect(read(path).includes(text), `${name}: ${path} lost ${text}`);
  expect(all.includes(paths.moved) && !all.includes(paths.movedFrom), `${name}: the template did not move`);
  expect(all.includes(paths.deleted) === conflicts.includes(paths.deleted), `${name}: the deleted file`);
  expect(read(paths.moved).includes("Tests of the code"), `${name}: the moved template is the old one`);
  expect(read(paths.split).includes("stage: Model_Tests"), `${name}: the stage is not split`);
  expect(read(paths.default).includes("ubuntu-24.04"), `${name}: the default is the old one`);
}

function checkAgain({ totals, repositories }) {
  expect(totals.waiting === count, `asked again: ${JSON.stringify(totals)}`);
  expect(repositories.length === count, `asked again: ${repositories.length}`);
}

/** Asks the policies of the provisioned repositories for their builds, now that pipelines run, and waits for them. */
async function runPipelines(report, fleet) {
  command(newer, ["local", "stop"]);
  organization = startOrganization();
  const first = report.repositories.filter(({ name }) => [...fleet.keys()].indexOf(name) < runs);
  const { id: projectId } = await ask("GET", `_apis/projects/${project}`);
  for (const { name, pullRequest } of first) {
    const artifact = encodeURIComponent(`vstfs:///CodeReview/CodeReviewId/${projectId}/${pullRequest.id}`);
    const list = `${project}/_apis/policy/evaluations?artifactId=${artifact}`;
    const { value } = await ask("GET", list);
    const build = value.find(({ configuration }) => configuration.settings.buildDefinitionId !== undefined);
    await ask("PATCH", `${project}/_apis/policy/evaluations/${build.evaluationId}`);
    const status = await ended(list, build.configuration.id);
    expect(status === "approved", `${name}: its PR pipeline is ${status}`);
  }
}

async function ended(list, configurationId) {
  for (const end = Date.now() + 1_200_000; Date.now() < end; await sleep(1000)) {
    const { value } = await ask("GET", list);
    const { status } = value.find(({ configuration }) => configuration.id === configurationId);
    if (status !== "queued" && status !== "running") return status;
  }
  return "not ended after twenty minutes";
}

async function ask(method, path, body) {
  const response = await fetch(`${organization.url}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${organization.token}`,
      accept: "application/json;api-version=7.1-preview",
      "content-type": "application/json",
      connection: "close", // the organisation is started again on the way
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

function git(folder, ...args) {
  const header = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${organization.token}`,
  };
  const result = spawnSync("git", ["-C", folder, ...args], { env: { ...env, ...header } });
  if (result.status !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout.toString("utf8").trim();
}

function command(main, words, { mayFail = false } = {}) {
  const result = spawnSync(process.execPath, [main, ...words], { cwd: work, env });
  if (result.status !== 0 && !mayFail)
    throw new Error(`eac-model ${words.join(" ")}: ${result.stdout}${result.stderr}`);
  return result.stdout.toString("utf8");
}

async function timed(what, act) {
  const started = performance.now();
  const value = await act();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${what}: ${seconds} s`);
  return value;
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

function same(left, right) {
  return JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted());
}

/** Mulberry32: the same numbers for the same seed on every machine. */
function generator(start) {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}
