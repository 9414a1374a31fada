import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { WebApi, getPersonalAccessTokenHandler } from "azure-devops-node-api";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "data", "azure-devops", "locations");
/** The real tables lie beside this project or not; where they do not, these tests are shown as skipped. */
const describeReal = existsSync(folder) ? describe : describe.skip;

function read(name: string): Json[] {
  return JSON.parse(readFileSync(join(folder, name), "utf8").replace(/^\uFEFF/, "")).value;
}

/** What clients build their URLs from. */
function address({ area, resourceName, routeTemplate, resourceVersion, releasedVersion }: Json): string {
  return [area, resourceName, routeTemplate, resourceVersion, releasedVersion].join(" ").toLowerCase();
}

/** Areas that the service keeps on another host; the table of dev.azure.com does not have them. */
const elsewhere = new Set(["ims", "graph"]);

describeReal("discovery beside the real tables", () => {
  test("names every location as the service does, so that clients find it", async () => {
    await using local = await startLocalOrganization({});
    const real = new Map(read("OPTIONS_apis_dev.azure.com.json").map((entry) => [entry.id, address(entry)]));

    const { body } = await call(local, "OPTIONS", "_apis");

    const ours: Json[] = body.value.filter(({ area }: Json) => !elsewhere.has(area.toLowerCase()));
    expect(ours.map((entry) => [entry.id, address(entry)])).toEqual(ours.map(({ id }) => [id, real.get(id)]));
    expect(ours.length).toBeGreaterThan(20);
  });

  test("names every resource area as the service does", async () => {
    await using local = await startLocalOrganization({});
    const real = new Map(read("GET_ResourceAreas_dev.azure.com.json").map(({ id, name }) => [id, name]));

    const { body } = await call(local, "GET", "_apis/ResourceAreas");

    expect(body.value.map(({ id, name }: Json) => [id, name])).toEqual(
      body.value.map(({ id }: Json) => [id, real.get(id)]),
    );
  });
});

describe("discovery", () => {
  test("sends every resource area to this machine", async () => {
    await using local = await startLocalOrganization({});

    const { body } = await call(local, "GET", "_apis/ResourceAreas");

    expect(new Set(body.value.map(({ locationUrl }: Json) => locationUrl))).toEqual(
      new Set([`${local.url}/`]),
    );
    expect(body.count).toBe(body.value.length);
  });

  test("answers one area, whatever its case, and nothing for one that is unknown", async () => {
    await using local = await startLocalOrganization({});

    const git = await call(local, "OPTIONS", "_apis/GIT");
    const unknown = await call(local, "OPTIONS", "_apis/nothing");

    expect(git.body.value.every(({ area }: Json) => area === "git")).toBe(true);
    expect(git.body.value.map(({ resourceName }: Json) => resourceName)).toContain("repositories");
    expect(unknown.body).toEqual({ value: [], count: 0 });
  });

  test("lets azure-devops-node-api connect and say who it is", async () => {
    await using local = await startLocalOrganization({});

    const connection: Json = await nodeApi(local).connect();
    const { authenticatedUser, deploymentType } = connection;

    expect(authenticatedUser.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(authenticatedUser.properties.Account.$value).toContain("@");
    expect(deploymentType).toBe("hosted");
  });

  test("fails azure-devops-node-api with a wrong token as the service does: by the famous missing location", async () => {
    await using local = await startLocalOrganization({});
    const web = new WebApi(local.url, getPersonalAccessTokenHandler("wrong".repeat(11)));

    await expect(web.getGitApi().then((api) => api.getRepositories("AnalyticsOps"))).rejects.toThrow(
      "Failed to find api location for area: Location id: e81700f7-3be2-46de-8624-2eb35882fcaa",
    );
  });

  test.each(["analyticsops/_APIS/GIT/Repositories", "ANALYTICSOPS/_apis/git/repositories/"])(
    "finds the route of %s",
    async (path) => {
      await using local = await startLocalOrganization({});

      const { status, body } = await call(local, "GET", path);

      expect({ status, body }).toEqual({ status: 200, body: { value: [], count: 0 } });
    },
  );

  test("repeats the version that was asked for, in the query or in Accept", async () => {
    await using local = await startLocalOrganization({});
    const type = async (query: string, accept: string): Promise<string | null> => {
      const response = await fetch(`${local.url}/_apis/projects${query}`, {
        headers: { authorization: `Bearer ${local.token.reveal()}`, accept },
      });
      return response.headers.get("content-type");
    };

    expect(await type("?API-Version=5.1", "*/*")).toBe("application/json; charset=utf-8; api-version=5.1");
    expect(await type("", "application/json;api-version=7.2-preview.4")).toBe(
      "application/json; charset=utf-8; api-version=7.2-preview.4",
    );
  });
});
