import { fillTemplate } from "./match-route.ts";
import type { Location, Route } from "./route.ts";

/** The resource areas whose ids clients ask for; the ids are those of the service. */
const resourceAreas: readonly (readonly [string, string])[] = [
  ["core", "79134c72-4a58-4b42-976c-04e7115f32bf"],
  ["git", "4e080c62-fa21-4fbc-8fef-2a10a2b38049"],
  ["policy", "fb13a388-40dd-4a04-b530-013a739c72ef"],
  ["build", "5d6898bb-45ec-463f-95f9-54d49c71752e"],
  ["Build", "965220d5-5bb9-42cf-8d67-9b146df2a5a4"],
  ["distributedtask", "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd"],
  ["pipelines", "2e0bf237-8973-4ec9-a581-9c3d679d1776"],
  ["environments", "0a833654-df2a-437e-8253-fe6b63b82035"],
  ["PipelinesChecks", "4a933897-0488-45af-bd82-6fd3ad33f46a"],
  ["pipelinePermissions", "a81a0441-de52-4000-aa15-ff0e07bfbbaa"],
  ["wit", "5264459e-e5e0-4bd8-b118-0985e68a4ec5"],
  ["work", "1d4f49f9-02b9-4e26-b826-2cdb6195f2a9"],
  ["IMS", "8a3d49b8-91f0-46ef-b33d-dda338c25db3"],
  ["Graph", "bb1e7ec9-e901-4b68-999a-de7012b920f8"],
  ["Identity", "fc3682be-3d6c-427a-87c8-e527b16a1d05"],
  ["approval", "5b55a9b6-2e0f-40d7-829d-3741d2b8c4e4"],
  ["serviceendpoint", "1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7"],
];

const resourceAreasLocation: Location = {
  id: "e81700f7-3be2-46de-8624-2eb35882fcaa",
  area: "Location",
  resourceName: "ResourceAreas",
  routeTemplate: "_apis/{resource}/{areaId}",
  resourceVersion: 1,
  minVersion: "3.2",
  maxVersion: "7.2",
  releasedVersion: "0.0",
};

/** The routes that tell clients where everything is, made from the routes themselves. */
export function discoveryRoutes(): readonly Route[] {
  return [
    {
      location: resourceAreasLocation,
      method: "GET",
      requires: [],
      handle: ({ baseUrl }) => {
        const value = areasAt(baseUrl);
        return { status: 200, body: { count: value.length, value } };
      },
    },
    {
      location: resourceAreasLocation,
      method: "GET",
      requires: ["areaId"],
      handle: ({ baseUrl, params }) => {
        const area = areasAt(baseUrl).find(({ id }) => id === params["areaId"]?.toLowerCase());
        // The service answers 200 and null for an area that it does not know.
        return { status: 200, body: area ?? null };
      },
    },
  ];
}

function areasAt(baseUrl: string): readonly { id: string; name: string; locationUrl: string }[] {
  return resourceAreas.map(([name, id]) => ({ id, name, locationUrl: `${baseUrl}/` }));
}

/** What `OPTIONS _apis` or `OPTIONS _apis/{area}` answers: each location once. */
export function locationTable(
  routes: readonly Route[],
  area: string | undefined,
): Readonly<Record<string, unknown>> {
  const wanted = area?.toLowerCase();
  const byId = new Map(routes.map(({ location }) => [location.id, location]));
  const value = [...byId.values()].filter(
    (location) => wanted === undefined || location.area.toLowerCase() === wanted,
  );
  return { value, count: value.length };
}

/** The routes of an organisation in words, for the page about them. */
export function describeRoutes(routes: readonly Route[]): readonly string[] {
  return routes.map((route) => `${route.method} ${fillTemplate(route.location)}`);
}
