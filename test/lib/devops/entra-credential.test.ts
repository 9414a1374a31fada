import { expect, test } from "@jest/globals";
import { authorizationHeader } from "../../../lib/devops/authorization-header.ts";
import { entraCredential } from "../../../lib/devops/entra-credential.ts";
import { entraSources, type Environ } from "../../../lib/devops/entra-sources.ts";
import type { EntraToken } from "../../../lib/devops/entra-token.ts";
import { Secret } from "../../../lib/errors/secret.ts";

const url = "https://dev.azure.com/contoso";
const minute = 60_000;

/** Gives the tokens `token-1`, `token-2`, … with this much time to live each. */
function tokens(lifeMs: number): { fetch: () => Promise<EntraToken>; count: () => number } {
  let count = 0;
  const fetch = (): Promise<EntraToken> => {
    count += 1;
    const secret = new Secret(`token-${count}`);
    return Promise.resolve({ secret, expiresAt: Date.now() + lifeMs, source: "Azure CLI" });
  };
  return { fetch, count: () => count };
}

test("a token is used for many requests, also for requests at the same time", async () => {
  const given = tokens(60 * minute);
  const credential = entraCredential({}, given.fetch);

  const atOnce = await Promise.all([1, 2, 3].map(() => authorizationHeader(credential, url)));
  const later = await authorizationHeader(credential, `${url}/iris/_git/iris`);

  expect([...atOnce, later]).toEqual(Array(4).fill("Bearer token-1"));
  expect(given.count()).toBe(1);
});

test("a token that is about to expire is renewed", async () => {
  const credential = entraCredential({}, tokens(3 * minute).fetch);

  const first = await authorizationHeader(credential, url);
  const second = await authorizationHeader(credential, url);

  expect([first, second]).toEqual(["Bearer token-1", "Bearer token-2"]);
});

test("a token that could not be had is asked for again", async () => {
  const given = tokens(60 * minute);
  let isSignedIn = false;
  const credential = entraCredential({}, () =>
    isSignedIn ? given.fetch() : Promise.reject(new Error("not signed in")),
  );

  await expect(authorizationHeader(credential, url)).rejects.toThrow("not signed in");
  isSignedIn = true;

  await expect(authorizationHeader(credential, url)).resolves.toBe("Bearer token-1");
});

test.each([
  "https://devops.bank.example/collection",
  "http://dev.azure.com/contoso",
  "https://dev.azure.com:8443/contoso",
  "https://dev.azure.com.bank.example/contoso",
  "https://bank.example/dev.azure.com",
  "https://dev-azure.com/contoso",
  "https://visualstudio.com.bank.example/",
  "https://contosovisualstudio.com/",
  "http://127.0.0.1:8080/local",
])("%s is not sent a token, and none is asked for", async (foreign) => {
  const given = tokens(60 * minute);
  const credential = entraCredential({}, given.fetch);

  await expect(authorizationHeader(credential, foreign)).rejects.toMatchObject({
    code: "EAC_DEVOPS_FOREIGN_HOST",
  });
  expect(given.count()).toBe(0);
});

test.each([
  "https://dev.azure.com/contoso",
  "https://contoso@dev.azure.com/contoso/AnalyticsOps/_git/iris",
  "https://vssps.dev.azure.com/contoso",
  "https://contoso.visualstudio.com/AnalyticsOps/_git/iris",
])("%s is Azure DevOps", async (own) => {
  const credential = entraCredential({}, tokens(60 * minute).fetch);

  await expect(authorizationHeader(credential, own)).resolves.toBe("Bearer token-1");
});

const programs = ["Azure CLI", "Azure PowerShell", "Azure Developer CLI"];
const client = { AZURE_CLIENT_ID: "app", AZURE_TENANT_ID: "bank" };

test.each<{ title: string; environ: Environ; names: readonly string[] }>([
  { title: "nothing", environ: {}, names: programs },
  { title: "an empty variable", environ: { IDENTITY_ENDPOINT: "" }, names: programs },
  { title: "a tenant", environ: { AZURE_TENANT_ID: "bank" }, names: programs },
  { title: "an application without a secret", environ: client, names: programs },
  {
    title: "an application",
    environ: { ...client, AZURE_CLIENT_SECRET: "hidden" },
    names: ["application app", ...programs],
  },
  {
    title: "a workload",
    environ: { ...client, AZURE_FEDERATED_TOKEN_FILE: "/var/token" },
    names: ["workload identity app", ...programs],
  },
  {
    title: "a managed identity",
    environ: { IDENTITY_ENDPOINT: "http://localhost/token" },
    names: ["managed identity", ...programs],
  },
  {
    title: "one chosen source",
    environ: { ...client, AZURE_CLIENT_SECRET: "hidden", AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" },
    names: ["AZURE_TOKEN_CREDENTIALS=AzureCliCredential"],
  },
])("where the variables name $title, those are asked in turn: $names", ({ environ, names }) => {
  expect(entraSources(environ).map(({ name }) => name)).toEqual(names);
});
