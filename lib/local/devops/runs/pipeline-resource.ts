import { entryOf, itemsOf, textOf, type YamlNode } from "../../../pipelines/yaml-node.ts";
import { pipelinesOf, type PipelineRecord } from "../routes/pipeline-record.ts";
import type { Organization } from "../state/organization.ts";
import { passesName, readFilter, textsOf, type Filter } from "./filter.ts";
import { runsOf, type RunRecord } from "./run-record.ts";

/** Another pipeline whose runs a pipeline uses, and may wait for. */
export interface PipelineResource {
  readonly alias: string;
  /** Name of the pipeline, with its folder where it is written with one. */
  readonly source: string;
  readonly project: string | undefined;
  /** Which run a manual run takes: of this branch, or with this number. */
  readonly branch: string | undefined;
  readonly version: string | undefined;
  readonly trigger: CompletionTrigger | undefined;
}

/** When a run of the other pipeline begins one of this. */
export interface CompletionTrigger {
  readonly branches: Filter | undefined;
  /** Stages that have to succeed; none waits for the whole run. */
  readonly stages: readonly string[];
  readonly tags: readonly string[];
}

/** The pipelines that a YAML file names as resources. */
export function readPipelineResources(root: YamlNode): readonly PipelineResource[] {
  return itemsOf(entryOf(entryOf(root, "resources"), "pipelines")).flatMap((item) => {
    const alias = textOf(item, "pipeline");
    const source = textOf(item, "source");
    if (alias === undefined || source === undefined) return [];
    const common = { project: textOf(item, "project"), branch: textOf(item, "branch") };
    return [
      {
        alias,
        source,
        ...common,
        version: textOf(item, "version"),
        trigger: readTrigger(entryOf(item, "trigger")),
      },
    ];
  });
}

/** `trigger: true` or nothing below it stands for every run; without it, or with `none`, there is none. */
function readTrigger(node: YamlNode | undefined): CompletionTrigger | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "scalar") {
    const isOff = ["none", "false"].includes(node.text.toLowerCase());
    return isOff ? undefined : { branches: undefined, stages: [], tags: [] };
  }
  if (textOf(node, "enabled")?.toLowerCase() === "false") return undefined;
  return {
    branches: readFilter(entryOf(node, "branches")),
    stages: textsOf(node, "stages"),
    tags: textsOf(node, "tags"),
  };
}

/** Whether a resource means a pipeline. */
export function meansPipeline(
  organization: Organization,
  { source, project }: PipelineResource,
  { own, other }: { readonly own: PipelineRecord; readonly other: PipelineRecord },
): boolean {
  const projectName = organization.project(other.projectId).name.toLowerCase();
  const isProject =
    project === undefined
      ? own.projectId === other.projectId
      : [projectName, other.projectId].includes(project.toLowerCase());
  const wanted = source.replaceAll("/", "\\").toLowerCase();
  const full = `${other.folderPath.replace(/\\$/, "")}\\${other.name}`.toLowerCase();
  return isProject && (wanted === other.name.toLowerCase() || wanted === full || `\\${wanted}` === full);
}

/** Whether the state of a run is what a trigger waits for; `stages` are those of the run that have succeeded so far. */
export function isAwaited(
  { branches, stages, tags }: CompletionTrigger,
  run: RunRecord,
  succeeded: ReadonlySet<string>,
): boolean {
  const isDone =
    stages.length === 0
      ? run.result === "succeeded" || run.result === "partiallySucceeded"
      : stages.every((stage) => succeeded.has(stage.toLowerCase()));
  const isBranch = branches === undefined ? run.pullRequest === undefined : passesName(branches, run.branch);
  return isDone && isBranch && tags.every((tag) => run.tags.includes(tag));
}

/** The run that a resource stands for where no trigger says it: the newest good one, as branch and version ask. */
export function newestRunFor(
  organization: Organization,
  own: PipelineRecord,
  resource: PipelineResource,
): RunRecord | undefined {
  const projects = Object.keys(organization.state().projects);
  const sources = projects
    .flatMap((id) => pipelinesOf(organization, id))
    .filter((other) => meansPipeline(organization, resource, { own, other }));
  const { branch, version } = resource;
  return sources
    .flatMap(({ id, projectId }) => runsOf(organization, projectId).filter((run) => run.pipelineId === id))
    .filter((run) => version === undefined || run.runNumber === version)
    .filter((run) => branch === undefined || passesName({ include: [branch], exclude: [] }, run.branch))
    .findLast(({ result, pullRequest }) => result === "succeeded" && pullRequest === undefined);
}
