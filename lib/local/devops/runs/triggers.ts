import { listCommits, noObject } from "../../../git/bare-repository.ts";
import { allPaths, changedPaths, mergeBase } from "../../../git/compare-commits.ts";
import { textIn } from "../body.ts";
import type { RefMove } from "../git/ref-watch.ts";
import { pipelinesOf, type PipelineRecord } from "../routes/pipeline-record.ts";
import { findRepository } from "../routes/repository-record.ts";
import { folderOf, readRefs } from "../review/merge-branches.ts";
import type { Organization } from "../state/organization.ts";
import {
  asksForNoRun,
  isTriggered,
  readCiTrigger,
  readDefinitionTrigger,
  yamlFileOf,
  type CiTrigger,
} from "./ci-trigger.ts";
import {
  isAwaited,
  meansPipeline,
  readPipelineResources,
  type PipelineResource,
} from "./pipeline-resource.ts";
import type { RunOrder } from "./queue-run.ts";
import { readRoot } from "./read-pipeline.ts";
import { isRun, runKind, type RunRecord } from "./run-record.ts";

/** A run that a push asks for. */
export interface PushOrder {
  readonly order: Omit<RunOrder, "requestedById">;
  readonly isBatched: boolean;
}

const mostCommits = 500;

/** The runs that a moved branch or tag asks for, as the files at its new commit say. */
export async function ordersOfPush(
  organization: Organization,
  repositoryId: string,
  move: RefMove,
): Promise<readonly PushOrder[]> {
  if (move.to === noObject) return [];
  const pipelines = enabledPipelines(organization).filter(
    ({ content }) => textIn(content, "repository", "id") === repositoryId,
  );
  if (pipelines.length === 0) return [];
  const folder = folderOf(organization, repositoryId);
  if (asksForNoRun(await messagesOf(folder, move))) return [];
  const paths = await pathsOf(organization, repositoryId, move);
  const found = await Promise.all(
    pipelines.map(async (pipeline) => ({
      pipeline,
      trigger: await triggerOf(organization, pipeline, move.to),
    })),
  );
  return found.flatMap(({ pipeline, trigger }) => {
    if (trigger === undefined || !isTriggered(trigger, { ref: move.name, paths })) return [];
    const reason = trigger.isBatched ? ("batchedCI" as const) : ("individualCI" as const);
    const order = { pipeline, reason, repositoryId, branch: move.name, commit: move.to };
    return [{ order, isBatched: trigger.isBatched }];
  });
}

/** The runs that wait for a run, or for stages of it; `told` holds those that it has begun already. */
export async function ordersOfRun(
  organization: Organization,
  run: RunRecord,
  { succeeded, told }: { readonly succeeded: ReadonlySet<string>; readonly told: Set<string> },
): Promise<readonly RunOrder[]> {
  const other = pipelinesOf(organization, run.projectId).find(({ id }) => id === run.pipelineId);
  if (other === undefined) return [];
  const orders: RunOrder[] = [];
  const before = pipelinesBefore(organization, run);
  for (const own of enabledPipelines(organization).filter(({ id }) => !before.has(id))) {
    const head = await headOf(organization, own);
    if (head === undefined) continue;
    const root = await rootOf(organization, own, head.commit);
    for (const resource of root === undefined ? [] : readPipelineResources(root)) {
      const key = `${own.id} ${resource.alias}`;
      const isMeant = meansPipeline(organization, resource, { own, other });
      if (!isMeant || told.has(key) || !isDue(resource, run, succeeded)) continue;
      told.add(key);
      orders.push(orderAfter(run, { own, head, alias: resource.alias }));
    }
  }
  return orders;
}

/** The pipelines whose runs led to a run, with its own: one that waits for itself in a circle would run for ever. */
function pipelinesBefore(organization: Organization, run: RunRecord): ReadonlySet<number> {
  const runs = new Map(organization.list(runKind, isRun).map((other) => [other.id, other]));
  const found = new Set<number>();
  let now: RunRecord | undefined = run;
  while (now !== undefined && !found.has(now.pipelineId)) {
    found.add(now.pipelineId);
    now = now.triggeredById === undefined ? undefined : runs.get(now.triggeredById);
  }
  return found;
}

function isDue({ trigger }: PipelineResource, run: RunRecord, succeeded: ReadonlySet<string>): boolean {
  return trigger !== undefined && isAwaited(trigger, run, succeeded);
}

interface Head {
  readonly repositoryId: string;
  readonly branch: string;
  readonly commit: string;
}

/** The branch that a pipeline runs on where nobody names another, and its commit; undefined while there is none. */
export async function headOf(
  organization: Organization,
  { content, projectId }: PipelineRecord,
  wanted?: string,
): Promise<Head | undefined> {
  const idOrName = textIn(content, "repository", "id") ?? "";
  const repository = livingRepository(organization, projectId, idOrName);
  if (repository === undefined) return undefined;
  const branch =
    wanted ?? textIn(content, "repository", "defaultBranch") ?? repository.defaultBranch ?? "refs/heads/main";
  const commit = (await readRefs(folderOf(organization, repository.id))).get(branch);
  return commit === undefined ? undefined : { repositoryId: repository.id, branch, commit };
}

/** In the same repository the same commit is used; elsewhere the pipeline's own branch. */
function orderAfter(
  run: RunRecord,
  { own, head, alias }: { readonly own: PipelineRecord; readonly head: Head; readonly alias: string },
): RunOrder {
  const isSame = head.repositoryId === run.repositoryId;
  return {
    pipeline: own,
    reason: "resourceTrigger",
    repositoryId: head.repositoryId,
    branch: isSame ? run.branch : head.branch,
    commit: isSame ? run.commit : head.commit,
    requestedById: run.requestedForId,
    pipelineRuns: { [alias]: run.id },
    triggeredById: run.id,
  };
}

function enabledPipelines(organization: Organization): readonly PipelineRecord[] {
  return Object.keys(organization.state().projects)
    .flatMap((projectId) => pipelinesOf(organization, projectId))
    .filter(({ content }) => (textIn(content, "queueStatus") ?? "enabled") === "enabled");
}

function livingRepository(organization: Organization, projectId: string, idOrName: string) {
  try {
    return findRepository(organization, { project: projectId, idOrName });
  } catch {
    return undefined;
  }
}

async function triggerOf(
  organization: Organization,
  pipeline: PipelineRecord,
  commit: string,
): Promise<CiTrigger | undefined> {
  const own = readDefinitionTrigger(pipeline.content);
  if (own !== "yaml") return own;
  const root = await rootOf(organization, pipeline, commit);
  return root === undefined ? undefined : readCiTrigger(root);
}

async function rootOf(organization: Organization, { content }: PipelineRecord, commit: string) {
  const repositoryId = textIn(content, "repository", "id") ?? "";
  return await readRoot({ organization, repositoryId, revision: commit, file: yamlFileOf(content) });
}

/** Of a branch that is new only the last commit counts: which others came with it nobody knows. */
async function messagesOf(folder: string, { from, to }: RefMove): Promise<readonly string[]> {
  const commits = await (from === noObject
    ? listCommits(folder, to, { most: 1 })
    : listCommits(folder, `${from}..${to}`, { most: mostCommits }));
  return (commits ?? []).map(({ comment }) => comment);
}

/** What a push changed; of a new branch, what it changed since it left the default branch. */
async function pathsOf(
  organization: Organization,
  repositoryId: string,
  { name, from, to }: RefMove,
): Promise<readonly string[]> {
  const folder = folderOf(organization, repositoryId);
  if (from !== noObject) return await changedPaths(folder, from, to);
  const { defaultBranch } = findRepository(organization, { project: undefined, idOrName: repositoryId });
  if (defaultBranch === undefined || defaultBranch === name) return await allPaths(folder, to);
  const base = await mergeBase(folder, defaultBranch, to);
  return base === undefined ? await allPaths(folder, to) : await changedPaths(folder, base, to);
}
