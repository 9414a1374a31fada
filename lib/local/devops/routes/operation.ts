import type { JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route } from "../route.ts";

const operations = location({
  id: "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949",
  area: "operations",
  resourceName: "operations",
  routeTemplate: "_apis/{resource}/{operationId}",
});

/** What the service answers to work that it goes on with in the background. */
export function queuedOperation(id: string, baseUrl: string): JsonObject {
  return { id, status: "notSet", url: `${baseUrl}/_apis/operations/${id}` };
}

/** Nothing here takes long: each operation is done before it is asked for. */
function finishedOperation(id: string, baseUrl: string): JsonObject {
  const { url } = queuedOperation(id, baseUrl);
  return { id, status: "succeeded", url, _links: { self: { href: url } } };
}

export const operationRoutes: readonly Route[] = [
  {
    location: operations,
    method: "GET",
    requires: ["operationId"],
    handle: ({ params, baseUrl }) => ({
      status: 200,
      body: finishedOperation(params["operationId"] ?? "", baseUrl),
    }),
  },
];
