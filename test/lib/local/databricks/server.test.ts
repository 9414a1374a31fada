import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { startWorkspace } from "./workspace-client.ts";

/** No task is run here. */
const python = "python3";
const me = "/api/2.0/preview/scim/v2/Me";

function statusFor(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${me}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject).end();
  });
}

describe("the server of a workspace", () => {
  test("answers as the service does to no token and to a wrong one", async () => {
    await using workspace = await startWorkspace({ python });
    const { url } = workspace.databricks;

    const none = await fetch(`${url}${me}`);
    const wrong = await fetch(`${url}${me}`, { headers: { authorization: "Bearer wrong" } });

    expect([none.status, await none.json()]).toEqual([
      401,
      { error_code: "401", message: expect.any(String) },
    ]);
    expect([wrong.status, await wrong.json()]).toEqual([
      403,
      { error_code: "403", message: "Invalid access token." },
    ]);
  });

  test("refuses requests to other hosts and from pages of other sites", async () => {
    await using workspace = await startWorkspace({ python });
    const { url, token } = workspace.databricks;
    const authorization = `Bearer ${token.reveal()}`;

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await statusFor(url, { authorization, host: "evil.example" })).toBe(400);
    expect(await statusFor(url, { authorization, origin: "http://evil.example" })).toBe(403);
    expect(await statusFor(url, { authorization })).toBe(200);
  });

  test("tells everybody what kind of host it is, and its owner who he is", async () => {
    await using workspace = await startWorkspace({ python });
    const { url } = workspace.databricks;

    const response = await fetch(`${url}/.well-known/databricks-config`);
    const configuration = await response.json();

    expect(configuration).toMatchObject({ oidc_endpoint: `${url}/oidc`, workspace_id: expect.any(String) });
    expect(await workspace.get(me)).toMatchObject({ userName: "owner@local.example", active: true });
  });

  test("names a route that nobody built, and remembers it", async () => {
    await using workspace = await startWorkspace({ python });

    const answer = await workspace.ask("GET", "/api/2.0/mlflow/experiments/list?x=1");
    const method = await workspace.ask("POST", "/api/2.1/clusters/list", {});

    const message = "The local workspace does not know GET /api/2.0/mlflow/experiments/list.";
    expect(answer).toEqual({ status: 501, body: { error_code: "NOT_IMPLEMENTED", message } });
    expect(method.status).toBe(501);
    expect(workspace.databricks.unknownRoutes()).toEqual([
      "GET /api/2.0/mlflow/experiments/list",
      "POST /api/2.1/clusters/list",
    ]);
  });

  test("refuses bodies that are not JSON", async () => {
    await using workspace = await startWorkspace({ python });
    const { url, token } = workspace.databricks;
    const send = (type: string): Promise<Response> =>
      fetch(`${url}/api/2.0/workspace/mkdirs`, {
        method: "POST",
        headers: { authorization: `Bearer ${token.reveal()}`, "content-type": type },
        body: "{",
      });

    const broken = await send("application/json");
    const form = await send("multipart/form-data; boundary=x");

    expect([broken.status, await broken.json()]).toEqual([
      400,
      { error_code: "MALFORMED_REQUEST", message: "The body is not JSON." },
    ]);
    expect([form.status, await form.json()]).toMatchObject([400, { error_code: "INVALID_PARAMETER_VALUE" }]);
  });

  test("disturbs requests as it is told, before or after they are done", async () => {
    await using workspace = await startWorkspace({ python });
    const scope = { scope: "s" };
    workspace.databricks.addFault({ when: "before", path: "scopes/create", status: 429, retryAfter: 7 });
    workspace.databricks.addFault({ when: "after", path: "scopes/create" });
    workspace.databricks.addFault({ when: "before", path: "secrets/put", status: 403 });

    const refused = await workspace.ask("POST", "/api/2.0/secrets/scopes/create", scope);
    const dropped = workspace.ask("POST", "/api/2.0/secrets/scopes/create", scope);

    await expect(dropped).rejects.toThrow("fetch failed");
    expect(refused).toEqual({
      status: 429,
      body: { error_code: "REQUEST_LIMIT_EXCEEDED", message: expect.any(String) },
    });
    expect(await workspace.get("/api/2.0/secrets/scopes/list")).toMatchObject({ scopes: [{ name: "s" }] });
    expect((await workspace.ask("POST", "/api/2.0/secrets/put", {})).body).toEqual({
      error_code: "403",
      message: "Invalid access token.",
    });
    expect(workspace.databricks.requests().map(({ status }) => status)).toEqual([429, 0, 200, 403]);
  });

  test("keeps everything over a restart", async () => {
    await using folder = await temporaryFolder();
    const first = await startWorkspace({ python, folder: folder.path });
    await first.importSource("/Shared/a", "x = 1");
    await first.post("/api/2.0/secrets/scopes/create", { scope: "s" });
    const status = await first.get("/api/2.0/workspace/get-status", { path: "/Shared/a" });
    const { job_id } = await first.post("/api/2.2/jobs/create", { name: "j" });

    await first[Symbol.asyncDispose]();
    await using second = await startWorkspace({ python, folder: folder.path });

    expect(await second.get("/api/2.0/workspace/get-status", { path: "/Shared/a" })).toEqual(status);
    expect(await second.get("/api/2.0/secrets/scopes/list")).toMatchObject({ scopes: [{ name: "s" }] });
    expect(await second.get("/api/2.2/jobs/get", { job_id })).toMatchObject({ settings: { name: "j" } });
  });
});
