import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createServer as createNetServer, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../lib/errors/secret.ts";
import { openGate, type Gate } from "../../../../lib/local/mlflow/open-gate.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const token = new Secret("the-token");
const bearer = { authorization: "Bearer the-token" };

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly digest: string;
}

interface World extends AsyncDisposable {
  readonly gate: Gate;
  readonly received: Received[];
}

/** A gate before a server that answers with the number of bytes it got, and drops the connection when asked to. */
async function gateWithServer(): Promise<World> {
  const folder = await temporaryFolder();
  const socketPath = join(folder.path, "socket");
  const received: Received[] = [];
  const server = createServer((incoming, response) => {
    if (incoming.url === "/drop") {
      response.destroy();
      return;
    }
    const hash = createHash("sha256");
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      size += chunk.length;
    });
    incoming.on("end", () => {
      const { method, url, headers } = incoming;
      received.push({ method, url, headers, digest: hash.digest("hex") });
      response.writeHead(201, { "content-type": "text/plain", "set-cookie": ["a=1", "b=2"] });
      response.end(`${size} bytes`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
  const gate = await openGate({ port: 0, token });
  gate.lead({ state: "running", socketPath });
  return {
    gate,
    received,
    [Symbol.asyncDispose]: async () => {
      await gate[Symbol.asyncDispose]();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Node's fetch sets the host itself; this does not. */
function statusFor(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers }, (answer: IncomingMessage) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.once("error", reject);
    call.end();
  });
}

/** Sends a body over a connection of the agent, headers first. */
function put(url: string, body: Buffer, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { ...bearer, "content-length": String(body.length) };
    const call = request(url, { method: "PUT", headers, agent }, (answer: IncomingMessage) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode));
    });
    call.once("error", reject);
    call.end(body);
  });
}

describe("the gate before MLflow", () => {
  test("passes method, path, headers and body on, but never the token", async () => {
    await using world = await gateWithServer();
    const body = randomBytes(3_000_000);

    const answer = await fetch(`${world.gate.url}/api/2.0/x%20y?a=1&b=%2F`, {
      method: "PATCH",
      headers: { ...bearer, "content-type": "application/x-thing", "x-own": "yes" },
      body,
    });

    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("3000000 bytes");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(world.received).toMatchObject([
      {
        method: "PATCH",
        url: "/api/2.0/x%20y?a=1&b=%2F",
        headers: { "content-type": "application/x-thing", "x-own": "yes", "content-length": "3000000" },
        digest: createHash("sha256").update(body).digest("hex"),
      },
    ]);
    expect(JSON.stringify(world.received)).not.toContain("the-token");
  });

  test("passes on a body of unknown length", async () => {
    await using world = await gateWithServer();
    const body = Readable.from([Buffer.alloc(100_000), Buffer.alloc(200_000)]);

    const answer = await fetch(world.gate.url, { method: "PUT", headers: bearer, body, duplex: "half" });

    expect(await answer.text()).toBe("300000 bytes");
  });

  test.each([
    { title: "no token", headers: {} },
    { title: "a wrong token", headers: { authorization: "Bearer the-tokem" } },
    { title: "a wrong password", headers: { authorization: `Basic ${btoa("me:nope")}` } },
    { title: "the token as user name", headers: { authorization: `Basic ${btoa("the-token:")}` } },
  ])("refuses $title with 401 and asks for it", async ({ headers }) => {
    await using world = await gateWithServer();

    const answer = await fetch(world.gate.url, { method: "POST", headers, body: "secret" });

    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect(await answer.json()).toEqual({
      error_code: "UNAUTHENTICATED",
      message: "The token is missing or wrong.",
    });
    expect(world.received).toEqual([]);
  });

  test("takes the token as password of any user name", async () => {
    await using world = await gateWithServer();

    const answer = await fetch(world.gate.url, {
      headers: { authorization: `Basic ${btoa("anyone:the-token")}` },
    });

    expect(answer.status).toBe(201);
  });

  test("refuses other hosts and pages of other sites, even with the token", async () => {
    await using world = await gateWithServer();
    const { url } = world.gate;
    const { port } = new URL(url);

    const statuses = [
      await statusFor(url, { ...bearer, host: "evil.example" }),
      await statusFor(url, { ...bearer, host: `127.0.0.1:${Number(port) + 1}` }),
      await statusFor(url, { ...bearer, origin: "https://evil.example" }),
      await statusFor(url, { ...bearer, host: `localhost:${port}`, origin: url }),
    ];

    expect(statuses).toEqual([400, 400, 403, 201]);
    expect(world.received).toHaveLength(1);
  });

  test("tells callers to wait before there is a server, and why there will be none", async () => {
    await using gate = await openGate({ port: 0, token });

    const early = await fetch(gate.url, { headers: bearer });
    gate.lead({ state: "unavailable", why: "No Python was found." });
    const late = await fetch(gate.url, { headers: bearer });
    const stranger = await fetch(gate.url);

    expect(early.status).toBe(503);
    expect(early.headers.get("retry-after")).toBe("2");
    expect(late.status).toBe(501);
    expect(await late.json()).toMatchObject({ message: "No Python was found." });
    expect(stranger.status).toBe(401);
  });

  test("answers 502 when the server drops the connection or is gone, and goes on", async () => {
    await using world = await gateWithServer();

    const dropped = await fetch(`${world.gate.url}/drop`, { headers: bearer });
    const next = await fetch(world.gate.url, { headers: bearer });
    world.gate.lead({ state: "running", socketPath: "/nowhere/socket" });
    const gone = await fetch(world.gate.url, { method: "POST", headers: bearer, body: "x" });

    expect([dropped.status, next.status, gone.status]).toEqual([502, 201, 502]);
  });

  test("takes the wanted port, and any other one when it is taken", async () => {
    await using first = await openGate({ port: 0, token });
    const port = Number(new URL(first.url).port);

    await using second = await openGate({ port, token });
    await first[Symbol.asyncDispose]();
    await using third = await openGate({ port, token });

    expect(second.url).not.toBe(first.url);
    expect(third.url).toBe(first.url);
  });
});

test("an upload is not lost where the server closes the connection with its answer", async () => {
  await using folder = await temporaryFolder();
  const socketPath = join(folder.path, "socket");
  const server = new Worker(hastyServer, { eval: true, workerData: socketPath });
  await once(server, "message");
  await using gate = await openGate({ port: 0, token });
  gate.lead({ state: "running", socketPath });

  const upload = async (): Promise<number> => {
    const answer = await fetch(gate.url, { method: "PUT", headers: bearer, body: "x".repeat(5000) });
    await answer.text();
    return answer.status;
  };
  const statuses: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    statuses.push(...(await Promise.all(Array.from({ length: 20 }, upload))));
  }
  await server.terminate();

  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("an answer that comes before the end of the body is passed on, and the connection can be used again", async () => {
  await using folder = await temporaryFolder();
  const socketPath = join(folder.path, "socket");
  const sockets: Socket[] = [];
  const server = createNetServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.pause();
      socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
  await using gate = await openGate({ port: 0, token });
  gate.lead({ state: "running", socketPath });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const statuses = [
    await put(gate.url, Buffer.alloc(20_000_000), agent),
    await put(gate.url, Buffer.alloc(20_000_000), agent),
  ];
  agent.destroy();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));

  expect(statuses).toEqual([400, 400]);
}, 4_000);

/**
 * A server that answers as soon as it has the body, and closes the connection at once unless it is asked not to. In a thread of its own
 * it does so while the gate is still busy with the end of the body.
 */
const hastyServer = `
const { parentPort, workerData } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  let received = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    const [head = "", body = ""] = received.split("\\r\\n\\r\\n");
    if (body.length < 5000) return;
    socket.write("HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n");
    if (/^connection: close/im.test(head)) socket.destroySoon();
  });
});
server.listen(workerData, () => parentPort.postMessage("listening"));
`;
