import type { JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route } from "../route.ts";

const operations = location({
  id: "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949",
  area: "operations",
  resourceName: "operations",
  routeTemplate: "_apis/{resource}/{operationId}",
});

/** What the service answers to work that it does in the background. Nothing here takes that long: it is done before it is asked for. */
export function finishedOperation(id: string, baseUrl: string): JsonObject {
  const url = `${baseUrl}/_apis/operations/${id}`;
  return { id, status: "succeeded", url };
}

export const operationRoutes: readonly Route[] = [
  {
    location: operations,
    method: "GET",
    requires: ["operationId"],
    handle: ({ params, baseUrl }) => {
      const body = finishedOperation(params["operationId"] ?? "", baseUrl);
      return { status: 200, body: { ...body, _links: { self: { href: body["url"] } } } };
    },
  },
];
