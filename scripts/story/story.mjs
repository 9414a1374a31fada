// The story of the sample model, from a change to production: each step is looked for first, so that an interrupted story goes on.
import { awaitRun, findRun, followRun, isGood, lastWords } from "./follow-run.mjs";
import { progress } from "./progress.mjs";
import { findPullRequest, mergePullRequest, openPullRequest, validateAgain } from "./pull-request.mjs";

const patienceMs = 15_000;
const chain = ["ci", "train-evaluate", "release"];

/** A run that ended otherwise than the story wants. */
export class RedRun extends Error {
  constructor(run, words) {
    super(`${run.definition.name} ended as ${run.result}.`);
    this.run = run;
    this.words = words;
  }
}

/** Tells it, and gives every run to `keep`; `undefined` where the sample has nothing left to change. */
export async function tellStory(organisation, { model, author, approve, keep }) {
  const teller = {
    ...organisation,
    model,
    approve,
    keep,
    pipelines: await readPipelines(organisation, model),
  };
  const opened = await currentPullRequest(teller, author);
  if (opened === undefined) return undefined;
  progress.say(`Pull request ${opened.pullRequestId} of ${opened.createdBy.uniqueName}: ${opened.title}`);
  const merged = opened.status === "completed" ? await recall(teller, opened) : await merge(teller, opened);
  const commit = merged.lastMergeCommit.commitId;
  progress.say(`Approved and merged into main as ${commit.slice(0, 8)}`);
  let before = 0;
  for (const name of chain) before = (await green(teller, name, { commit, before })).id;
  await green(teller, "monitor", { commit, before, onRequest: true });
  return merged;
}

async function readPipelines({ ask }, model) {
  const { value } = await ask("GET", `build/definitions?path=${encodeURIComponent(`\\${model}`)}`);
  return (name) => {
    const found = value.find((pipeline) => pipeline.name === `${model}-${name}-pipeline`);
    if (found === undefined) throw new Error(`There is no pipeline ${model}-${name}-pipeline.`);
    return found;
  };
}

/** The pull request whose way is not at its end; else a new one. */
async function currentPullRequest(teller, author) {
  const known = await findPullRequest(teller, teller.model);
  if (known?.status === "active") return known;
  if (known?.status === "completed" && !(await isReleased(teller, known))) return known;
  return await openPullRequest(teller, { repository: teller.model, author });
}

async function isReleased(teller, { lastMergeCommit }) {
  const isMeant = (run) => run.sourceVersion === lastMergeCommit.commitId && isGood(run);
  return (await findRun(teller, teller.pipelines("release"), isMeant)) !== undefined;
}

/** A pull request that was merged before. */
async function recall(teller, pullRequest) {
  const validation = await findRun(teller, teller.pipelines("pr"), validates(pullRequest));
  if (validation !== undefined) teller.keep(validation);
  return pullRequest;
}

function validates({ pullRequestId }) {
  return ({ sourceBranch }) => sourceBranch === `refs/pull/${pullRequestId}/merge`;
}

async function merge(teller, pullRequest) {
  const pipeline = teller.pipelines("pr");
  const isMeant = validates(pullRequest);
  const known = await awaitRun(teller, pipeline, { isMeant, patienceMs });
  const isToRepeat = known === undefined || (known.status === "completed" && !isGood(known));
  if (isToRepeat) await validateAgain(teller, pullRequest);
  const isNew = (run) => isMeant(run) && (!isToRepeat || run.id !== known?.id);
  await end(teller, await awaitRun(teller, pipeline, { isMeant: isNew, patienceMs }));
  return await mergePullRequest(teller, pullRequest);
}

/** The run of a pipeline for a commit, after another run: begun by that one, or by request where that did not happen or did not end well. */
async function green(teller, name, { commit, before, onRequest = false }) {
  const pipeline = teller.pipelines(name);
  const isMeant = (run) => run.sourceVersion === commit && run.id > before;
  const known = await awaitRun(teller, pipeline, { isMeant, patienceMs: onRequest ? 0 : patienceMs });
  const isOpen = known !== undefined && (known.status !== "completed" || isGood(known));
  return await end(teller, isOpen ? known : await queue(teller, pipeline, commit));
}

async function queue({ ask }, { id }, commit) {
  const body = { definition: { id }, sourceBranch: "refs/heads/main", sourceVersion: commit };
  return await ask("POST", "build/builds", { body });
}

async function end(teller, run) {
  const ended = await followRun(teller, run, teller.approve);
  teller.keep(ended);
  if (!isGood(ended)) throw new RedRun(ended, await lastWords(teller, ended));
  return ended;
}
