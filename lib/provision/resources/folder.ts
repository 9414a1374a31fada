import { sameName } from "../../devops/json.ts";
import type { DesiredFolder } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** The folder of the model's pipelines. It is never deleted: the service deletes the pipelines in it as well. */
export const folderResource: Resource<DesiredFolder> = {
  compare: ({ path }, { folders }) =>
    folders.some((folder) => sameName(folder, path)) ? keep(path) : create,
  apply: async ({ path }, _comparison, { http, remote }) => {
    await http.send({
      method: "PUT",
      path: `${remote.project.id}/_apis/build/folders`,
      query: { path },
      body: { path },
      apiVersion: "7.1-preview.2",
      what: `create the pipeline folder ${path}`,
    });
    return path;
  },
};
