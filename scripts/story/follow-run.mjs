// A run from its beginning to its end, with a line for each stage that ends and for each approval.
import { setTimeout as sleep } from "node:timers/promises";
import { durationOf, formatDuration, progress } from "./progress.mjs";

const pollMs = 300;
const good = new Set(["succeeded", "partiallySucceeded"]);

export function isGood(run) {
  return good.has(run?.result);
}

/** The newest run of a pipeline that is meant, if any. */
export async function findRun({ ask }, pipeline, isMeant) {
  const { value } = await ask("GET", `build/builds?definitions=${pipeline.id}`);
  return value.find(isMeant);
}

/** A run that something else begins; undefined where none has begun in time. */
export async function awaitRun(organisation, pipeline, { isMeant, patienceMs }) {
  for (const end = Date.now() + patienceMs; ; await sleep(pollMs)) {
    const run = await findRun(organisation, pipeline, isMeant);
    if (run !== undefined || Date.now() > end) return run;
  }
}

/** The run as it has ended; `approve` is called when it waits for an approval. */
export async function followRun({ ask }, run, approve) {
  progress.say(`${run.definition.name}, run ${run.id}`);
  for (const told = new Set(); ; await sleep(pollMs)) {
    const now = await ask("GET", `build/builds/${run.id}`);
    await decide(ask, run, approve);
    await tellStages(ask, run, told);
    if (now.status === "completed") return now;
  }
}

async function decide(ask, run, approve) {
  const { value } = await ask("GET", "pipelines/approvals?state=pending");
  if (!value.some(({ pipeline }) => Number(pipeline.owner.id) === run.id)) return;
  for (const environment of approve(run)) progress.say(`  approved for ${environment}`);
}

async function tellStages(ask, run, told) {
  // A run has no timeline before it begins.
  const timeline = await ask("GET", `build/builds/${run.id}/timeline`).catch(() => undefined);
  const records = timeline?.records ?? [];
  const steps = records.filter(({ type, state }) => type === "Task" && state === "inProgress");
  const stages = records
    .filter(({ type, startTime }) => type === "Stage" && startTime)
    .toSorted((left, right) => left.order - right.order);
  for (const stage of stages) {
    const line = `  ${stage.name}`;
    if (stage.state !== "completed")
      progress.wait(`${line} … ${formatDuration(durationOf(stage))}  ${namesOf(steps)}`);
    else if (!told.has(stage.id)) {
      told.add(stage.id);
      progress.say(`${line.padEnd(44)}  ${stage.result.padEnd(9)}  ${formatDuration(durationOf(stage))}`);
    }
  }
}

function namesOf(steps) {
  return [...new Set(steps.map(({ name }) => name))].join(" · ");
}

/** What the first step that failed wrote at its end. */
export async function lastWords({ ask }, run) {
  const { records } = await ask("GET", `build/builds/${run.id}/timeline`);
  const failed = records.find(({ type, result, log }) => type === "Task" && result === "failed" && log);
  if (failed === undefined) return run.validationResults.map(({ message }) => message);
  const { value } = await ask("GET", `build/builds/${run.id}/logs/${failed.log.id}`);
  return [`${failed.name}:`, ...value.slice(-12)];
}
