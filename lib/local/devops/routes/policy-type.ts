import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";

/** The service's policy types by id, with the names it shows. */
export const policyTypes: ReadonlyMap<string, string> = new Map([
  ["fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", "Minimum number of reviewers"],
  ["0609b952-1397-4640-95ec-e00a01b2c241", "Build"],
  ["fd2167ab-b0be-447a-8ec8-39368250530e", "Required reviewers"],
  ["40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e", "Work item linking"],
  ["c6a1889d-b943-4856-b76f-9e46bb6b0df2", "Comment requirements"],
  ["fa4e907d-c16b-4a4c-9dfa-4916e5d171ab", "Require a merge strategy"],
  ["cbdc66da-9728-4af8-aada-9a5a32e4a226", "Status"],
  ["77ed4bd3-b063-4689-934a-175e4d0a78d7", "Commit author email validation"],
  ["51c78909-e838-41a2-9496-c647091e3c61", "File name restriction"],
  ["7ed39669-655c-494e-b4a0-a08b4da0fcce", "Git repository settings"],
  ["db2b9b4c-180d-4529-9701-01541d19f36b", "Reserved names restriction"],
  ["001a79cf-fda1-4c4e-9e7c-bac40ee5ead8", "Path Length restriction"],
  ["2e26e725-8201-4edd-8bf5-978563c34a80", "File size restriction"],
  ["e67ae10f-cf9a-40bc-8e66-6b3a8216956e", "Secrets scanning restriction"],
]);

const types = location({
  id: "44096322-2d3d-466a-bb30-d1b7de69f61f",
  area: "policy",
  resourceName: "types",
  routeTemplate: "{project}/_apis/{area}/{resource}/{typeId}",
});

function policyTypeBody(id: string, { organization, params, baseUrl }: RouteRequest): JsonObject {
  const displayName = policyTypes.get(id);
  if (displayName === undefined) {
    throw new ServiceError(
      404,
      "PolicyTypeNotFoundException",
      `TF402463: No policy type exists with ID ${id}.`,
    );
  }
  const url = `${baseUrl}/${organization.project(params["project"] ?? "").id}/_apis/policy/types/${id}`;
  return { description: displayName, _links: { self: { href: url } }, id, url, displayName };
}

export const policyTypeRoutes: readonly Route[] = [
  {
    location: types,
    method: "GET",
    requires: ["project"],
    handle: (request) => ({
      status: 200,
      body: listReply([...policyTypes.keys()].map((id) => policyTypeBody(id, request))),
    }),
  },
  {
    location: types,
    method: "GET",
    requires: ["project", "typeId"],
    handle: (request) => ({
      status: 200,
      body: policyTypeBody((request.params["typeId"] ?? "").toLowerCase(), request),
    }),
  },
];
