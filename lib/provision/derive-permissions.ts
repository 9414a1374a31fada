import type { Answers } from "../answers/answers.ts";
import { splitRepositoryName, type PipelineKind } from "../answers/derived-names.ts";
import { corePipelines } from "../answers/pipelines.ts";
import type { Desired, DesiredPipelinePermission } from "./desired-state.ts";

/** The numbers of the environments that a pipeline deploys to, and of those whose variable group it reads. */
interface Reach {
  readonly environments: readonly number[];
  readonly groups: readonly number[];
}

/** Each environment and variable group may be used by the pipelines that need it, and by no other. */
export function permissionResources(answers: Answers): readonly Desired[] {
  const pipelines = corePipelines(answers).map(({ kind }) => ({ kind, reach: reachOf(kind, answers) }));
  const environments = answers.environments.flatMap(({ name }, index) => {
    const deploying = pipelines.filter(({ reach }) => reach.environments.includes(index));
    const reading = pipelines.filter(({ reach }) => reach.groups.includes(index));
    return [
      ...permission("environment", `environment:${name}`, deploying),
      ...permission("variablegroup", `variable-group:${name}`, reading),
    ];
  });
  // Another project decides for itself who reads its repositories.
  const { project } = splitRepositoryName(answers.templates_repository);
  if (answers.templates !== "central" || project !== undefined) return environments;
  return [...environments, ...permission("repository", templatesRepositoryKey, pipelines)];
}

/** The key of the platform's repository of templates. */
export const templatesRepositoryKey = "templates-repository";

/** The first environment trains and accepts, the last is production; pull requests reach nothing. */
function reachOf(kind: PipelineKind, answers: Answers): Reach {
  const all = answers.environments.map((_, index) => index);
  const last = all.length - 1;
  const isTrained = answers.model_type !== "rule-based";
  const reach: Readonly<Record<PipelineKind, Reach>> = {
    pr: { environments: [], groups: [] },
    // The code of a batch model goes to the development workspace.
    ci: { environments: [], groups: answers.serving === "batch" ? [0] : [] },
    "train-evaluate": { environments: [0], groups: [0] },
    "score-evaluate": { environments: [0], groups: [0] },
    // A model that was trained elsewhere is accepted as any other.
    evaluate: { environments: isTrained ? [0] : [], groups: [0] },
    // The environment before production promotes.
    release: { environments: all.slice(1), groups: all.slice(Math.min(1, last - 1)) },
    deploy: { environments: all, groups: all },
    promote: { environments: [last], groups: [last] },
    "data-cleansing": { environments: [], groups: [0] },
    monitor: { environments: [], groups: [last] },
  };
  return reach[kind];
}

function permission(
  resourceType: DesiredPipelinePermission["resourceType"],
  resourceKey: string,
  pipelines: readonly { readonly kind: PipelineKind }[],
): readonly Desired[] {
  if (pipelines.length === 0) return [];
  const kinds = pipelines.map(({ kind }) => kind);
  const pipelineKeys = kinds.map((kind) => `pipeline:${kind}`);
  return [
    {
      kind: "pipeline-permission",
      key: `pipeline-permission:${resourceKey}`,
      title: `permission of ${kinds.join(", ")} pipeline${kinds.length === 1 ? "" : "s"} on ${resourceKey.replaceAll(/[:-]/g, " ")}`,
      dependsOn: [resourceKey, ...pipelineKeys],
      resourceType,
      resourceKey,
      pipelineKeys,
    },
  ];
}
