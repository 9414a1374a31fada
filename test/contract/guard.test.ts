import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call } from "../support/organization-client.ts";

const project = "AnalyticsOps";

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request as it is, which fetch would not send. */
function send(
  local: LocalOrganization,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  const { port } = new URL(local.url);
  return new Promise((resolve, reject) => {
    const { method = "GET", path, headers = {}, body = "" } = options;
    const sent = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function bearer(local: LocalOrganization): Record<string, string> {
  return { authorization: `Bearer ${local.token.reveal()}` };
}

describe("the guard of the local organisation", () => {
  test.each(["https://evil.example", "http://127.0.0.1:1", "null"])(
    "refuses a page of %s, even with the token that a browser adds by itself",
    async (origin) => {
      await using local = await startLocalOrganization({});

      const answer = await send(local, {
        method: "POST",
        path: `/local/${project}/_apis/git/repositories`,
        headers: { ...bearer(local), origin, "content-type": "application/json" },
        body: JSON.stringify({ name: "iris" }),
      });

      expect(answer.status).toBe(403);
      expect((await call(local, "GET", `${project}/_apis/git/repositories`)).body.value).toEqual([]);
    },
  );

  test.each([
    { path: "/local/_apis/projects", status: 203 },
    { path: "/local/_apis/projects/%ff", status: 203 },
    { path: "/_emulator/requests", status: 401 },
    { path: "/", status: 401 },
    { path: `/local/${project}/_git/iris/info/refs?service=git-receive-pack`, status: 401 },
  ])("answers $path without a token with $status", async ({ path, status }) => {
    await using local = await startLocalOrganization({});

    const answer = await send(local, { path });

    expect(answer.status).toBe(status);
  });

  test("looks at the token before it reads a body", async () => {
    await using local = await startLocalOrganization({});
    const broken = {
      method: "POST",
      path: `/local/${project}/_apis/git/repositories`,
      body: "{",
    };
    const headers = { "content-type": "application/json" };

    const stranger = await send(local, { ...broken, headers });
    const owner = await send(local, { ...broken, headers: { ...headers, ...bearer(local) } });

    expect(stranger.status).toBe(203);
    expect([owner.status, JSON.parse(owner.text).typeKey]).toEqual([400, "VssServiceException"]);
  });

  test("refuses a body that is too large", async () => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", `${project}/_apis/git/repositories`, {
      name: "x".repeat(33 * 1024 * 1024),
    });

    expect(answer.status).toBe(413);
  });

  test("gives refusals the form and the headers of the service", async () => {
    await using local = await startLocalOrganization({});

    const missing = await call(local, "GET", "nothing/_apis/git/repositories");
    const undecodable = await send(local, { path: "/local/_apis/projects/%ff", headers: bearer(local) });

    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({
      $id: "1",
      innerException: null,
      message: expect.stringContaining("TF200016"),
      typeKey: "ProjectDoesNotExistWithNameException",
      errorCode: 0,
    });
    expect(missing.headers.get("activityid")).toBe(missing.headers.get("x-vss-e2eid"));
    expect(missing.headers.get("x-content-type-options")).toBe("nosniff");
    expect([undecodable.status, Object.keys(JSON.parse(undecodable.text))]).toEqual([
      400,
      expect.arrayContaining(["message", "typeKey"]),
    ]);
  });

  test("echoes the version that was asked for", async () => {
    await using local = await startLocalOrganization({});
    const headers = { ...bearer(local), accept: "application/json;api-version=5.0" };

    const answer = await send(local, { path: "/local/_apis/projects", headers });

    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8; api-version=5.0");
  });

  test("wants a preview to be asked for by name", async () => {
    await using local = await startLocalOrganization({});
    const path = `/local/${project}/_apis/pipelines/checks/configurations`;
    const headers = { ...bearer(local), "content-type": "application/json" };

    const without = await send(local, { method: "POST", path, headers, body: "{}" });
    const released = await send(local, { path: `${path}?api-version=7.1`, headers });

    expect([without.status, JSON.parse(without.text).typeKey]).toEqual([
      400,
      "VssVersionNotSpecifiedException",
    ]);
    expect([released.status, JSON.parse(released.text).typeKey]).toEqual([
      400,
      "VssInvalidPreviewVersionException",
    ]);
  });

  test("tells a git client in plain words that there is no such repository", async () => {
    await using local = await startLocalOrganization({});
    const path = `/local/${project}/_git/none/info/refs?service=git-upload-pack`;

    const answer = await send(local, { path, headers: bearer(local) });

    expect([answer.status, answer.headers["content-type"]]).toEqual([404, "text/plain; charset=utf-8"]);
    expect(answer.text).toContain("TF401019");
  });
});

describe("the controls of the local organisation", () => {
  test("list requests and unknown routes, and forget requests", async () => {
    await using local = await startLocalOrganization({});
    const control = (method: string, name: string) =>
      send(local, { method, path: `/_emulator/${name}`, headers: bearer(local) });
    await call(local, "GET", "_apis/projects");
    await call(local, "GET", "_apis/nothing");

    const requests = JSON.parse((await control("GET", "requests")).text);
    const unknown = JSON.parse((await control("GET", "unknown-routes")).text);
    const forgotten = await control("DELETE", "requests");
    const after = JSON.parse((await control("GET", "requests")).text);

    expect(
      requests.value.map(({ path, status }: { path: string; status: number }) => [path, status]),
    ).toEqual([
      ["/local/_apis/projects", 200],
      ["/local/_apis/nothing", 501],
    ]);
    expect(unknown).toEqual({ count: 1, value: ["GET /local/_apis/nothing"] });
    expect(forgotten.status).toBe(204);
    expect(after.value.map(({ method }: { method: string }) => method)).toEqual(["DELETE"]);
  });

  test("add faults: an error, a sign-in page, a wait, and none again", async () => {
    await using local = await startLocalOrganization({});
    const headers = { ...bearer(local), "content-type": "application/json" };
    const fault = (content: unknown) =>
      send(local, { method: "POST", path: "/_emulator/faults", headers, body: JSON.stringify(content) });
    const projects = () => send(local, { path: "/local/_apis/projects", headers });

    await fault({ path: "projects", status: 429, retryAfter: 7 });
    const throttled = await projects();
    await fault({ status: 203 });
    const signIn = await projects();
    await fault({ delayMs: 60 });
    const started = performance.now();
    const slow = await projects();
    const took = performance.now() - started;
    await fault({ times: 10, status: 500 });
    await send(local, { method: "DELETE", path: "/_emulator/faults", headers });
    const after = await projects();

    expect([throttled.status, throttled.headers["retry-after"]]).toEqual([429, "7"]);
    expect([signIn.status, signIn.headers["content-type"]]).toEqual([203, "text/html; charset=utf-8"]);
    expect(slow.status).toBe(200);
    expect(took).toBeGreaterThan(50);
    expect(after.status).toBe(200);
  });

  test.each([
    { content: null },
    { content: { when: "sometimes" } },
    { content: { status: 42 } },
    { content: { times: "2" } },
    { content: { methods: [1] } },
    { content: { path: "(" } },
  ])("refuse $content as a fault", async ({ content }) => {
    await using local = await startLocalOrganization({});
    const headers = { ...bearer(local), "content-type": "application/json" };

    const answer = await send(local, {
      method: "POST",
      path: "/_emulator/faults",
      headers,
      body: JSON.stringify(content),
    });

    expect(answer.status).toBe(400);
    expect((await send(local, { path: "/local/_apis/projects", headers })).status).toBe(200);
  });
});
