import { sameName } from "../../devops/json.ts";
import type { Desired, DesiredPipelinePermission } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";
import type { Named, RemoteState } from "../remote-state.ts";
import { templatesRepositoryResource } from "./templates-repository.ts";

/** Which pipelines may use an environment, a variable group or the platform's templates: named ones, never all. One call for each resource. */
export function pipelinePermissionResource(
  resources: readonly Desired[],
): Resource<DesiredPipelinePermission> {
  return {
    compare: (desired, remote) => {
      const resourceId = remoteId(desired.resourceKey, resources, remote);
      const pipelineIds = desired.pipelineKeys.map((key) => remoteId(key, resources, remote));
      if (resourceId === undefined) return create;
      const allowed = remote.permissions.get(`${desired.resourceType}/${resourceId}`) ?? [];
      return pipelineIds.every((id) => id !== undefined && allowed.includes(id)) ? keep(resourceId) : create;
    },
    apply: async (desired, _comparison, run) => {
      const { http, remote } = run;
      const id = run.idOf(desired.resourceKey);
      await http.send({
        method: "PATCH",
        path: `${remote.project.id}/_apis/pipelines/pipelinepermissions/${desired.resourceType}/${id}`,
        body: {
          pipelines: desired.pipelineKeys.map((key) => ({ id: Number(run.idOf(key)), authorized: true })),
        },
        apiVersion: "7.1-preview.1",
        what: `give the ${desired.title}`,
      });
      return id;
    },
  };
}

function remoteId(key: string, resources: readonly Desired[], remote: RemoteState): string | undefined {
  const desired = resources.find((resource) => resource.key === key);
  if (desired?.kind === "environment") return idNamed(remote.environments, desired.name);
  if (desired?.kind === "variable-group") return idNamed(remote.variableGroups, desired.name);
  if (desired?.kind === "templates-repository")
    return templatesRepositoryResource.compare(desired, remote).id;
  if (desired?.kind !== "pipeline") return undefined;
  const inFolder = remote.pipelines.filter(({ folder }) => sameName(folder, desired.folder));
  return idNamed(inFolder, desired.name);
}

function idNamed(all: readonly Named[], name: string): string | undefined {
  return all.find((candidate) => sameName(candidate.name, name))?.id;
}
