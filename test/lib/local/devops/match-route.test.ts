import { describe, expect, test } from "@jest/globals";
import { allRoutes } from "../../../../lib/local/devops/all-routes.ts";
import { routeMatcher } from "../../../../lib/local/devops/match-route.ts";
import type { Method } from "../../../../lib/local/devops/route.ts";

const match = routeMatcher(allRoutes);

function find(method: Method, path: string) {
  const found = match(method, path.split("/").map(decodeURIComponent));
  return found === undefined
    ? undefined
    : { resource: found.route.location.resourceName, params: { ...found.params } };
}

describe("the routes of the local organisation", () => {
  test.each([
    {
      path: "Ops/_apis/git/repositories/iris",
      resource: "repositories",
      params: { project: "Ops", repositoryId: "iris" },
    },
    { path: "_apis/git/repositories", resource: "repositories", params: {} },
    {
      path: "Ops/_APIS/GIT/Policy/Configurations",
      resource: "policyConfigurations",
      params: { project: "Ops" },
    },
    {
      path: "Ops/_apis/git/repositories/iris/refs/heads/a/b",
      resource: "refs",
      params: { project: "Ops", repositoryId: "iris", filter: "heads/a/b" },
    },
    {
      path: "Ops/_apis/build/folders/%5Ca%5Cb",
      resource: "folders",
      params: { project: "Ops", path: "\\a\\b" },
    },
    {
      path: "Ops/_apis/wit/classificationNodes/Areas/a%2Fb",
      resource: "classificationNodes",
      params: { project: "Ops", structureGroup: "Areas", path: "a/b" },
    },
    {
      path: "Ops/Data Science/_apis/work/teamsettings/teamfieldvalues",
      resource: "teamfieldvalues",
      params: { project: "Ops", team: "Data Science" },
    },
  ])("find $path whatever its case", ({ path, resource, params }) => {
    expect(find("GET", path)).toEqual({ resource, params });
  });

  test.each([
    { method: "GET" as const, path: "Ops/_apis/git/repositories/iris/unknown" },
    { method: "GET" as const, path: "Ops/_apis/git" },
    { method: "GET" as const, path: "" },
    { method: "DELETE" as const, path: "Ops/_apis/git/repositories" },
  ])("do not know $method $path", ({ method, path }) => {
    expect(find(method, path)).toBeUndefined();
  });

  test("take each method of a place once", () => {
    const keys = allRoutes.map(
      ({ location, method, requires }) => `${method} ${location.id} ${requires.join()}`,
    );

    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
