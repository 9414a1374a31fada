import type { RouteRequest } from "../../lib/local/devops/route.ts";
import { openOrganization } from "../../lib/local/devops/state/open-organization.ts";
import { ownerIdentity } from "../../lib/local/devops/state/well-known-identities.ts";
import { startWork } from "../../lib/local/devops/runs/start-work.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A request of the owner to a new organisation in memory, for tests of what handlers do with it. */
export async function aRequest(
  given: Partial<Pick<RouteRequest, "params" | "query" | "body">>,
): Promise<RouteRequest & AsyncDisposable> {
  const folder = await temporaryFolder();
  const organization = openOrganization({ gitFolder: folder.path });
  const work = startWork({ organization, log: () => undefined });
  return {
    organization,
    work,
    identity: ownerIdentity(organization),
    params: {},
    query: new Map(),
    body: undefined,
    accept: "application/json",
    baseUrl: "http://127.0.0.1:1/local",
    ...given,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
