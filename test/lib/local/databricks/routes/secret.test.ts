import { describe, expect, test } from "@jest/globals";
import { startWorkspace } from "../workspace-client.ts";

const python = "python3";
const base = "/api/2.0/secrets";

describe("secrets", () => {
  test("are put into scopes, listed by name, and given to code in Base64", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.post(`${base}/scopes/create`, { scope: "cmr" });
    await workspace.post(`${base}/put`, { scope: "cmr", key: "host", string_value: "https://a" });
    await workspace.post(`${base}/put`, { scope: "cmr", key: "host", string_value: "https://b" });
    await workspace.post(`${base}/put`, { scope: "cmr", key: "raw", bytes_value: "AP8=" });

    const { secrets } = await workspace.get(`${base}/list`, { scope: "cmr" });
    const { value } = await workspace.get(`${base}/get`, { scope: "cmr", key: "host" });

    expect(secrets.map(({ key }: { key: string }) => key)).toEqual(["host", "raw"]);
    expect(JSON.stringify(secrets)).not.toContain("https");
    expect(Buffer.from(value, "base64").toString("utf8")).toBe("https://b");
  });

  test("and scopes can be removed", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.post(`${base}/scopes/create`, { scope: "cmr" });
    await workspace.post(`${base}/put`, { scope: "cmr", key: "a", string_value: "x" });

    await workspace.post(`${base}/delete`, { scope: "cmr", key: "a" });
    const none = await workspace.get(`${base}/list`, { scope: "cmr" });
    await workspace.post(`${base}/scopes/delete`, { scope: "cmr" });

    expect(none).toEqual({});
    expect(await workspace.get(`${base}/scopes/list`)).toEqual({});
  });

  test.each([
    { path: "scopes/create", body: { scope: "cmr" }, status: 400, code: "RESOURCE_ALREADY_EXISTS" },
    { path: "scopes/create", body: { scope: "a b" }, status: 400, code: "INVALID_PARAMETER_VALUE" },
    {
      path: "scopes/create",
      body: { scope: "b", scope_backend_type: "AZURE_KEYVAULT" },
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
    },
    { path: "scopes/delete", body: { scope: "none" }, status: 404, code: "RESOURCE_DOES_NOT_EXIST" },
    {
      path: "put",
      body: { scope: "none", key: "a", string_value: "x" },
      status: 404,
      code: "RESOURCE_DOES_NOT_EXIST",
    },
    { path: "put", body: { scope: "cmr", key: "a" }, status: 400, code: "INVALID_PARAMETER_VALUE" },
    {
      path: "put",
      body: { scope: "cmr", key: "a", string_value: "x".repeat(128 * 1024 + 1) },
      status: 400,
      code: "RESOURCE_LIMIT_EXCEEDED",
    },
    { path: "delete", body: { scope: "cmr", key: "none" }, status: 404, code: "RESOURCE_DOES_NOT_EXIST" },
  ])("refuse $path with $code", async ({ path, body, status, code }) => {
    await using workspace = await startWorkspace({ python });
    await workspace.post(`${base}/scopes/create`, { scope: "cmr" });

    const answer = await workspace.ask("POST", `${base}/${path}`, body);

    expect(answer).toEqual({ status, body: { error_code: code, message: expect.any(String) } });
  });
});
