import type { DevOpsHttp } from "../devops/http.ts";
import { idIn, isObject, textIn } from "../devops/json.ts";
import { projectMissing } from "../errors/catalogue/provision.ts";
import type { Named } from "./remote-state.ts";

/** The project of this name; refuses one that is not there. */
export async function readProject(http: DevOpsHttp, name: string): Promise<Named> {
  const { status, body } = await http.send({
    method: "GET",
    path: `_apis/projects/${encodeURIComponent(name)}`,
    what: `read the project ${name}`,
  });
  if (status === 404 || !isObject(body)) throw projectMissing(http.organizationUrl, name);
  return { id: idIn(body, "id"), name: textIn(body, "name") };
}
