import { idIn, sameName } from "../../devops/json.ts";
import type { DesiredPipeline } from "../desired-state.ts";
import type { FieldChange } from "../plan.ts";
import { create, keep, type Resource } from "../resource.ts";
import type { RemotePipeline, RemoteState } from "../remote-state.ts";

/** Says that triggers stand in the YAML file. */
const triggersFromYaml = { settingsSourceType: 2, triggerType: 2 };
const yamlProcess = 2;

/** A YAML pipeline of the model, found by folder and name: the name alone may stand in several folders. */
export const pipelineResource: Resource<DesiredPipeline> = {
  compare: (desired, remote) => {
    const pipeline = findPipeline(desired, remote);
    if (pipeline === undefined) return create;
    const changes = changesOf(desired, pipeline, remote);
    return changes.length === 0 ? keep(pipeline.id) : { action: "update", id: pipeline.id, changes };
  },
  apply: async (desired, { action, id }, run) => {
    const { http, remote } = run;
    const path = `${remote.project.id}/_apis/build/definitions`;
    const known = action === "create" ? {} : (findPipeline(desired, remote)?.content ?? {});
    const { body } = await http.send({
      method: action === "create" ? "POST" : "PUT",
      path: action === "create" ? path : `${path}/${id ?? ""}`,
      body: {
        ...known,
        name: desired.name,
        path: desired.folder,
        type: "build",
        queueStatus: "enabled",
        process: { type: yamlProcess, yamlFilename: desired.file },
        repository: {
          id: run.idOf("repository"),
          type: "TfsGit",
          defaultBranch: `refs/heads/${desired.branch}`,
          properties: { reportBuildStatus: "true" },
        },
        triggers: [triggersFromYaml],
      },
      what: `write the pipeline ${desired.name}`,
    });
    return idIn(body, "id");
  },
};

function findPipeline(
  { name, folder }: DesiredPipeline,
  { pipelines }: RemoteState,
): RemotePipeline | undefined {
  return pipelines.find((pipeline) => sameName(pipeline.name, name) && sameName(pipeline.folder, folder));
}

function changesOf(
  desired: DesiredPipeline,
  pipeline: RemotePipeline,
  { repository }: RemoteState,
): readonly FieldChange[] {
  const fields: readonly FieldChange[] = [
    { field: "file", old: pipeline.file, new: desired.file },
    { field: "repository", old: pipeline.repositoryId, new: repository?.id ?? "" },
    { field: "branch", old: pipeline.branch, new: `refs/heads/${desired.branch}` },
    { field: "enabled", old: String(pipeline.isEnabled), new: "true" },
  ];
  return fields.filter((field) => field.old !== field.new);
}
