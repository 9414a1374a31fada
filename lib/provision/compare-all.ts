import type { Desired, DesiredState } from "./desired-state.ts";
import { assemblePlan, type Comparison, type ProvisionPlan } from "./plan.ts";
import type { RemoteState } from "./remote-state.ts";
import type { Resource, Run } from "./resource.ts";
import { approvalCheckResource } from "./resources/approval-check.ts";
import { areaResource } from "./resources/area.ts";
import { branchPolicyResource } from "./resources/branch-policy.ts";
import { environmentResource } from "./resources/environment.ts";
import { firstPushResource } from "./resources/first-push.ts";
import { folderResource } from "./resources/folder.ts";
import { pipelinePermissionResource } from "./resources/pipeline-permission.ts";
import { pipelineResource } from "./resources/pipeline.ts";
import { repositoryResource } from "./resources/repository.ts";
import { teamAreaResource } from "./resources/team-area.ts";
import { teamMemberResource } from "./resources/team-member.ts";
import { teamResource } from "./resources/team.ts";
import { templatesRepositoryResource } from "./resources/templates-repository.ts";
import { variableGroupResource } from "./resources/variable-group.ts";

/** A desired thing joined with what its kind knows to do with it. */
export interface BoundResource {
  readonly desired: Desired;
  compare(remote: RemoteState): Comparison;
  apply(comparison: Comparison, run: Run): Promise<string>;
}

/** What to do so that the remote state becomes the desired one; pure. */
export function planProvision(desired: DesiredState, remote: RemoteState): ProvisionPlan {
  const bound = bindResources(desired);
  return assemblePlan(
    bound.map((resource) => ({ desired: resource.desired, comparison: resource.compare(remote) })),
  );
}

/** Each desired thing joined with its kind. */
export function bindResources({ resources }: DesiredState): readonly BoundResource[] {
  return resources.map((desired) => bind(desired, resources));
}

type Binders = {
  readonly [K in Desired["kind"]]: (
    desired: Extract<Desired, { kind: K }>,
    all: readonly Desired[],
  ) => BoundResource;
};

const binders: Binders = {
  repository: (desired) => join(desired, repositoryResource),
  "first-push": (desired) => join(desired, firstPushResource),
  area: (desired) => join(desired, areaResource),
  team: (desired) => join(desired, teamResource),
  "team-member": (desired) => join(desired, teamMemberResource),
  "team-area": (desired) => join(desired, teamAreaResource),
  "variable-group": (desired) => join(desired, variableGroupResource),
  environment: (desired) => join(desired, environmentResource),
  "approval-check": (desired) => join(desired, approvalCheckResource),
  folder: (desired) => join(desired, folderResource),
  pipeline: (desired) => join(desired, pipelineResource),
  "pipeline-permission": (desired, all) => join(desired, pipelinePermissionResource(all)),
  "templates-repository": (desired) => join(desired, templatesRepositoryResource),
  "branch-policy": (desired) => join(desired, branchPolicyResource),
};

function join<D extends Desired>(desired: D, resource: Resource<D>): BoundResource {
  return {
    desired,
    compare: (remote) => resource.compare(desired, remote),
    apply: (comparison, run) => resource.apply(desired, comparison, run),
  };
}

function bind<K extends Desired["kind"]>(
  desired: Extract<Desired, { kind: K }>,
  all: readonly Desired[],
): BoundResource {
  const binder: Binders[K] = binders[desired.kind];
  return binder(desired, all);
}
