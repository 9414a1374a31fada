// npm start: the main job on this machine. Starts Azure DevOps, Databricks and MLflow here, makes the sample repositories, provisions
// them, and takes a change of the first one by pull request into production. It does what a person would: the eac-model command, git, REST.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, say, setUp } from "./set-up.mjs";
import { connect } from "./story/connect.mjs";
import { pythonProblem } from "./story/services.mjs";
import { RedRun, tellStory } from "./story/story.mjs";
import { formatSummary, formatWays } from "./story/summary.mjs";

const project = "AnalyticsOps";
const out = process.env.EAC_MODEL_OUT ?? join(root, "out");
/** The first is operated at the highest level, and has its story told. */
const samples = [
  { model: "iris", words: ["--set", "maturity_level=5"] },
  { model: "cashflow2", words: [] },
];
const { model } = samples[0];
const author = "dana.scientist@example.com";

setUp();
const env = { ...process.env, ...sampleIdentity() };
eacModel("local", "start");
for (const sample of samples) {
  const answers = join(root, "docs", "examples", `${sample.model}.yml`);
  eacModel("init", join(out, sample.model), "--answers", answers, ...sample.words, "--local", "--yes");
}
const status = () => JSON.parse(eacModelOutput("local", "status", "--json"));
const organisation = connect(status(), project);
const runs = [];
process.exitCode = await tell();

/** The exit code: red when a run is. */
async function tell() {
  const problem = await pythonProblem(status);
  if (problem !== undefined) {
    say(`
Skipped: the pull request and every run of a pipeline, because they need Python.
  ${problem}
The repositories are made and provisioned. When that is settled: npx eac-model local stop, then npm start.`);
    return end(0);
  }
  say(`\nA change of ${model}, from a pull request to production`);
  try {
    const pullRequest = await tellStory(organisation, {
      model,
      author,
      approve,
      keep: (run) => runs.push(run),
    });
    if (pullRequest === undefined)
      say(`${model} has no change left that makes it better; the runs of before are at the links below.`);
    return end(0);
  } catch (error) {
    say(`\n${error.message}${error.cause === undefined ? "" : ` (${error.cause.message})`}`);
    for (const line of error instanceof RedRun ? error.words : []) say(`  ${line}`);
    say("npm start goes on from here.");
    return end(1);
  }
}

function end(exitCode) {
  for (const line of formatSummary(runs)) say(line);
  const now = status();
  if (now.running) for (const line of formatWays({ organisation, model, out, status: now })) say(line);
  return exitCode;
}

function approve(run) {
  const { decided } = JSON.parse(eacModelOutput("local", "approve", "--run", String(run.id), "--json"));
  return decided.map(({ environment }) => environment);
}

function eacModel(...words) {
  const result = spawnSync(process.execPath, [commandLine(), ...words], { cwd: root, stdio: "inherit", env });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function eacModelOutput(...words) {
  const result = spawnSync(process.execPath, [commandLine(), ...words], { cwd: root, encoding: "utf8", env });
  if (result.status === 0) return result.stdout;
  console.error(result.stdout + result.stderr);
  process.exit(result.status ?? 1);
}

function commandLine() {
  return join(root, "dist", "bin", "eac-model.cjs");
}

/** On a machine where git has no identity yet, the sample commits are signed by a sample person. */
function sampleIdentity() {
  const email = spawnSync("git", ["config", "--get", "user.email"], { cwd: root, encoding: "utf8" });
  if (email.error !== undefined) {
    console.error(
      "git was not found on the PATH; install it (https://git-scm.com/downloads) and run npm start again.",
    );
    process.exit(1);
  }
  if (email.stdout.trim() !== "" || process.env.GIT_AUTHOR_EMAIL !== undefined) return {};
  say("git has no identity here (user.name, user.email): the sample commits are signed Sample Person.");
  const name = "Sample Person";
  const address = "sample.person@example.com";
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
  };
}
