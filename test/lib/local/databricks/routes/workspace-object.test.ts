import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startWorkspace } from "../workspace-client.ts";

const python = "python3";
const base = "/api/2.0/workspace";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("objects of a workspace", () => {
  test("are imported, listed, described and exported", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.post(`${base}/mkdirs`, { path: "/ml_apps/iris/main" });
    await workspace.post(`${base}/import`, {
      path: "/ml_apps/iris/main/train",
      format: "SOURCE",
      language: "PYTHON",
      content: base64("x = 1"),
    });
    await workspace.post(`${base}/import`, {
      path: "/Workspace/ml_apps/iris/main/data.csv",
      format: "AUTO",
      content: base64("a,b"),
    });

    const { objects } = await workspace.get(`${base}/list`, { path: "/ml_apps/iris/main" });
    const exported = await workspace.get(`${base}/export`, { path: "/ml_apps/iris/main/train" });
    const whole = await workspace.get(`${base}/export`, {
      path: "/ml_apps/iris/main/data.csv",
      direct_download: "true",
    });

    expect(objects).toEqual([
      expect.objectContaining({ path: "/ml_apps/iris/main/data.csv", object_type: "FILE", size: 3 }),
      expect.objectContaining({
        path: "/ml_apps/iris/main/train",
        object_type: "NOTEBOOK",
        language: "PYTHON",
        object_id: expect.any(Number),
        modified_at: expect.any(Number),
      }),
    ]);
    expect(exported).toEqual({ content: base64("# Databricks notebook source\nx = 1"), file_type: "py" });
    expect(whole).toBe("a,b");
    expect(await workspace.get(`${base}/get-status`, { path: "/Workspace/ml_apps" })).toMatchObject({
      path: "/ml_apps",
      object_type: "DIRECTORY",
    });
    const place = join(workspace.databricks.folder, "workspace", "ml_apps", "iris", "main", "data.csv");
    expect(readFileSync(place, "utf8")).toBe("a,b");
  });

  test("are overwritten only when that is said, and not by something of another type", async () => {
    await using workspace = await startWorkspace({ python });
    const notebook = { path: "/Shared/a", format: "SOURCE", language: "PYTHON", content: base64("x") };
    await workspace.post(`${base}/import`, notebook);
    const before = await workspace.get(`${base}/get-status`, { path: "/Shared/a" });

    const again = await workspace.ask("POST", `${base}/import`, notebook);
    const file = await workspace.ask("POST", `${base}/import`, {
      ...notebook,
      format: "RAW",
      overwrite: true,
    });
    await workspace.post(`${base}/import`, { ...notebook, content: base64("y"), overwrite: "true" });

    expect(again).toMatchObject({ status: 400, body: { error_code: "RESOURCE_ALREADY_EXISTS" } });
    expect(file).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
    const after = await workspace.get(`${base}/get-status`, { path: "/Shared/a" });
    expect(after.object_id).toBe(before.object_id);
  });

  test("are removed, folders that are not empty only as a whole", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a/b", "x");

    const refused = await workspace.ask("POST", `${base}/delete`, { path: "/Shared/a" });
    await workspace.post(`${base}/delete`, { path: "/Shared/a", recursive: true });
    const gone = await workspace.ask("GET", `${base}/get-status?path=/Shared/a/b`);
    const lasting = await workspace.ask("POST", `${base}/delete`, { path: "/Shared", recursive: true });

    expect(refused).toMatchObject({ status: 400, body: { error_code: "DIRECTORY_NOT_EMPTY" } });
    expect(gone).toMatchObject({ status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } });
    expect(lasting).toMatchObject({ status: 400, body: { error_code: "DIRECTORY_PROTECTED" } });
  });

  const content = base64("x");
  const tooLarge = Buffer.alloc(10 * 1024 * 1024 + 1).toString("base64");
  test.each([
    { path: "mkdirs", body: { path: "relative" }, status: 400, code: "INVALID_PARAMETER_VALUE" },
    { path: "mkdirs", body: {}, status: 400, code: "INVALID_PARAMETER_VALUE" },
    { path: "mkdirs", body: { path: "/Shared/../../x" }, status: 400, code: "INVALID_PARAMETER_VALUE" },
    {
      path: "import",
      body: { path: "/none/a", format: "RAW", content },
      status: 404,
      code: "RESOURCE_DOES_NOT_EXIST",
    },
    { path: "import", body: { path: "/Shared/a", content }, status: 400, code: "INVALID_PARAMETER_VALUE" },
    {
      path: "import",
      body: { path: "/Shared/a", format: "RAW" },
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
    },
    {
      path: "import",
      body: { path: "/Shared/a", format: "RAW", content: "%%" },
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
    },
    {
      path: "import",
      body: { path: "/Shared/a", format: "RAW", content: tooLarge },
      status: 400,
      code: "MAX_NOTEBOOK_SIZE_EXCEEDED",
    },
    { path: "delete", body: { path: "/Shared/none" }, status: 404, code: "RESOURCE_DOES_NOT_EXIST" },
  ])("refuse $path with $code", async ({ path, body, status, code }) => {
    await using workspace = await startWorkspace({ python });

    const answer = await workspace.ask("POST", `${base}/${path}`, body);

    expect(answer).toEqual({ status, body: { error_code: code, message: expect.any(String) } });
  });

  test("do not let a folder take the place of a file", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x");

    const answer = await workspace.ask("POST", `${base}/mkdirs`, { path: "/Shared/a/b" });

    expect(answer).toMatchObject({ status: 400, body: { error_code: "RESOURCE_ALREADY_EXISTS" } });
  });
});
