import type { PipelineModel } from "../../../pipelines/pipeline-model.ts";
import { formatProblem, type Position } from "../../../pipelines/problem.ts";
import { repositoryResources, type RepositoryResource } from "../../../pipelines/repository-resources.ts";
import type { RunVariable } from "../../../pipelines/run/run-types.ts";
import { environmentKind, environmentsOf, type EnvironmentRecord } from "../routes/environment-record.ts";
import { changePermission, readPermission } from "../routes/pipeline-permission-record.ts";
import type { PipelineRecord } from "../routes/pipeline-record.ts";
import {
  isVariableGroup,
  variableGroupKind,
  type VariableGroupRecord,
} from "../routes/variable-group-record.ts";
import type { Organization } from "../state/organization.ts";
import { resourceRepository } from "./read-pipeline.ts";
import type { RunRecord } from "./run-record.ts";

export interface Resources {
  readonly groups: Readonly<Record<string, Readonly<Record<string, RunVariable>>>>;
  /** What is missing or not permitted; a run with any does not begin. */
  readonly problems: readonly string[];
}

interface Asking {
  readonly organization: Organization;
  readonly pipeline: PipelineRecord;
  readonly run: Pick<RunRecord, "repositoryId">;
}

interface Named {
  readonly text: string;
  readonly at: Position;
}

/**
 * The variable groups of a run, and whether the pipeline may use them, its environments and the repositories that it declares. An environment that nobody made is made,
 * without checks, as the service makes it.
 */
export function resolveResources(asking: Asking, model: PipelineModel): Resources {
  const levels = [model, ...model.stages, ...model.stages.flatMap(({ jobs }) => jobs)];
  const names = once(levels.flatMap(({ groups }) => groups));
  const found = names.map((name) => ({ name, group: findGroup(asking, name.text) }));
  const problems = [
    ...found.flatMap(({ name, group }) => groupProblems(asking, name, group)),
    ...once(environmentsIn(model)).flatMap((name) => environmentProblems(asking, name)),
    ...repositoryResources(model.root).flatMap((resource) => repositoryProblems(asking, resource)),
  ];
  const groups = found.flatMap(({ name, group }) =>
    group === undefined ? [] : [[name.text, group.variables]],
  );
  return { groups: Object.fromEntries(groups), problems };
}

/** The environment that a deployment names, with or without one of its resources. */
export function findEnvironment(
  organization: Organization,
  projectId: string,
  name: string,
): EnvironmentRecord | undefined {
  const all = environmentsOf(organization, projectId);
  const named = (wanted: string): EnvironmentRecord | undefined =>
    all.find(({ environmentName }) => environmentName.toLowerCase() === wanted.toLowerCase());
  return named(name) ?? named(name.split(".")[0] ?? "");
}

function environmentsIn(model: PipelineModel): readonly Named[] {
  return model.stages.flatMap(({ jobs }) => jobs.flatMap(({ environment }) => environment ?? []));
}

function findGroup({ organization, pipeline }: Asking, name: string): VariableGroupRecord | undefined {
  return organization
    .list(variableGroupKind, isVariableGroup)
    .find(
      (group) => group.projectId === pipeline.projectId && group.name.toLowerCase() === name.toLowerCase(),
    );
}

function groupProblems(
  asking: Asking,
  name: Named,
  group: VariableGroupRecord | undefined,
): readonly string[] {
  const isPermitted = group !== undefined && mayUse(asking, "variablegroup", group.id);
  if (isPermitted) return [];
  const message =
    group === undefined
      ? `The variable group ${name.text} does not exist.`
      : `The pipeline ${asking.pipeline.name} is not authorised to use the variable group ${name.text}.`;
  return [formatProblem({ at: name.at, message })];
}

/** A name with a macro is known only when the stage begins. */
function environmentProblems(asking: Asking, name: Named): readonly string[] {
  const { organization, pipeline } = asking;
  if (name.text.includes("$(")) return [];
  const environment = findEnvironment(organization, pipeline.projectId, name.text);
  if (environment === undefined) {
    makeEnvironment(asking, name.text);
    return [];
  }
  if (mayUse(asking, "environment", environment.id)) return [];
  const message = `The pipeline ${pipeline.name} is not authorised to use the environment ${name.text}.`;
  return [formatProblem({ at: name.at, message })];
}

/** As where the project protects the access of YAML pipelines to repositories, which is the default; other projects decide for themselves. */
function repositoryProblems(asking: Asking, resource: RepositoryResource): readonly string[] {
  const { organization, pipeline, run } = asking;
  const repository = resourceRepository(organization, run.repositoryId, resource);
  if (repository === undefined || repository.id === run.repositoryId) return [];
  if (repository.projectId !== pipeline.projectId) return [];
  if (mayUse(asking, "repository", `${repository.projectId}.${repository.id}`)) return [];
  const message = `The pipeline ${pipeline.name} is not authorised to use the repository ${resource.name}.`;
  return [formatProblem({ at: resource.at, message })];
}

function makeEnvironment({ organization, pipeline }: Asking, name: string): void {
  const now = organization.now();
  const environment: EnvironmentRecord = {
    id: organization.nextNumber(environmentKind),
    projectId: pipeline.projectId,
    environmentName: name.split(".")[0] ?? name,
    description: "",
    createdOn: now,
    lastModifiedOn: now,
  };
  organization.put(environmentKind, environment);
  changePermission(organization, pipeline.projectId, {
    resource: { type: "environment", id: String(environment.id) },
    change: { pipelines: [{ id: pipeline.id, authorized: true }] },
  });
}

function mayUse({ organization, pipeline }: Asking, type: string, id: number | string): boolean {
  const { allPipelines, authorized } = readPermission(organization, pipeline.projectId, {
    type,
    id: String(id),
  });
  return allPipelines || authorized.some(({ pipelineId }) => pipelineId === pipeline.id);
}

function once(names: readonly Named[]): readonly Named[] {
  return [...new Map(names.map((name) => [name.text.toLowerCase(), name])).values()];
}
