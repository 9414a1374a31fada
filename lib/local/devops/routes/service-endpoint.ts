import { listReply } from "../body.ts";
import { location } from "../location.ts";
import type { Route } from "../route.ts";

const endpoints = location({
  id: "e85f1c62-adfc-4b74-b618-11a150fb195e",
  area: "serviceendpoint",
  resourceName: "endpoints",
  routeTemplate: "{project}/_apis/{area}/{resource}/{endpointId}",
  resourceVersion: 4,
});

/** There is no cloud to connect to, so a project has no service connections; whoever looks for one finds none. */
export const serviceEndpointRoutes: readonly Route[] = [
  {
    location: endpoints,
    method: "GET",
    requires: ["project"],
    handle: ({ organization, params }) => {
      organization.project(params["project"] ?? "");
      return { status: 200, body: listReply([]) };
    },
  },
];
