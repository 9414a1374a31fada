import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Server } from "node:net";
import { join } from "node:path";
import { startLocalOrganization, type LocalOrganization } from "../../lib/local/start.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A local organisation that programs reach as https://dev.azure.com/contoso, by a proxy that leads every https address here; it accepts tokens of Entra ID only. */
export interface CloudOrganization extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** A folder with git in it, the only one on the search path: a test writes its own `az` there. */
  readonly programs: string;
  /** Variables that lead programs here. */
  readonly env: Readonly<Record<string, string>>;
  /** Address of a managed identity of this machine. */
  readonly managedIdentity: string;
  /** `host method path` of each request over https, and the credential it came with. */
  readonly requests: readonly { readonly line: string; readonly authorization: string }[];
  /** Puts an `az` on the search path that gives the tokens `token-1`, `token-2`, … with this much time to live. */
  signIn(lifeSeconds: number): Promise<void>;
  /** Puts an `az` there that says what it is told on standard error, and fails. */
  say(words: string): Promise<void>;
  /** How many times `az` was asked. */
  timesAsked(): Promise<number>;
}

const url = "https://dev.azure.com/contoso";

export async function cloudOrganization(): Promise<CloudOrganization> {
  const temporary = await temporaryFolder();
  const local = await startLocalOrganization({});
  const folder = temporary.path;
  const { key, cert, file } = await certificate(folder);
  const requests: { line: string; authorization: string }[] = [];
  const gate = createTlsServer({ key, cert }, (incoming, answer) => {
    const authorization = incoming.headers.authorization ?? "";
    requests.push({ line: `${incoming.headers.host} ${incoming.method} ${incoming.url}`, authorization });
    if (incoming.headers.host === "login.microsoftonline.com") signInPage(incoming, answer);
    else passOn(local, incoming, answer);
  });
  const identity = createServer((_incoming, answer) => {
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    answer.setHeader("content-type", "application/json");
    answer.end(
      JSON.stringify({
        access_token: "token-of-the-machine",
        expires_on: String(inAnHour),
        token_type: "Bearer",
      }),
    );
  });
  const gatePort = await listen(gate);
  const proxy = createServer();
  proxy.on("connect", (_incoming, client) => {
    const upstream = connect(gatePort, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    for (const socket of [client, upstream]) socket.on("error", () => upstream.destroy());
  });
  const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  const programs = join(folder, "programs");
  await mkdir(programs);
  const git = execFileSync("/bin/sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  await symlink(git, join(programs, "git"));
  const asked = join(folder, "asked");
  const writeProgram = async (script: string): Promise<void> => {
    await writeFile(join(programs, "az"), `#!/bin/sh\necho "$*" >>${asked}\n${script}\n`);
    await chmod(join(programs, "az"), 0o755);
  };
  return {
    url,
    folder,
    programs,
    requests,
    env: {
      PATH: programs,
      HTTPS_PROXY: proxyUrl,
      NO_PROXY: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: file,
      GIT_SSL_CAINFO: file,
    },
    managedIdentity: `http://127.0.0.1:${await listen(identity)}/token`,
    signIn: (lifeSeconds) => writeProgram(azure(asked, lifeSeconds)),
    say: (words) => writeProgram(`echo "${words}" >&2\nexit 1`),
    timesAsked: async () => (await readFile(asked, "utf8").catch(() => "")).split("\n").length - 1,
    [Symbol.asyncDispose]: async () => {
      for (const server of [gate, proxy, identity]) {
        server.closeAllConnections();
        server.close();
      }
      await local[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** What `az account get-access-token` prints; shell only, because nothing else is on the search path. */
function azure(asked: string, lifeSeconds: number): string {
  const expires = Math.floor(Date.now() / 1000) + lifeSeconds;
  return `count=0
while read -r line; do count=$((count + 1)); done <${asked}
echo "{\\"accessToken\\": \\"token-$count\\", \\"expires_on\\": ${expires}, \\"tokenType\\": \\"Bearer\\"}"`;
}

/** The address is another one outside: what the organisation says of itself is told accordingly. */
function passOn(local: LocalOrganization, incoming: IncomingMessage, answer: ServerResponse): void {
  const isKnown = /^Bearer token-[\w-]+$/.test(incoming.headers.authorization ?? "");
  const headers = {
    ...incoming.headers,
    host: new URL(local.url).host,
    "accept-encoding": "identity",
    authorization: isKnown ? `Bearer ${local.token.reveal()}` : "",
  };
  const inside = new RegExp(local.url.replace("://", "://([^/@]*@)?"), "g");
  const path = (incoming.url ?? "").replace("/contoso", "");
  const forwarded = request(local.url + path, { method: incoming.method, headers }, (response) => {
    const isJson = String(response.headers["content-type"]).includes("json");
    if (!isJson) {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
      return;
    }
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => void chunks.push(chunk));
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8").replaceAll(inside, url);
      const { "content-length": _length, ...others } = response.headers;
      answer.writeHead(response.statusCode ?? 0, others);
      answer.end(text);
    });
  });
  forwarded.on("error", () => answer.destroy());
  incoming.pipe(forwarded);
}

/** Entra ID, which knows no application. */
function signInPage(incoming: IncomingMessage, answer: ServerResponse): void {
  const tenant = "https://login.microsoftonline.com/bank-tenant";
  const isToken = incoming.method === "POST";
  const content = isToken
    ? { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." }
    : {
        tenant_discovery_endpoint: `${tenant}/v2.0/.well-known/openid-configuration`,
        metadata: [],
        issuer: `${tenant}/v2.0`,
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`,
      };
  answer.writeHead(isToken ? 401 : 200, { "content-type": "application/json" });
  answer.end(JSON.stringify(content));
}

async function certificate(folder: string): Promise<{ key: Buffer; cert: Buffer; file: string }> {
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = "subjectAltName=DNS:dev.azure.com,DNS:vssps.dev.azure.com,DNS:login.microsoftonline.com";
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=dev.azure.com"];
  execFileSync("openssl", [...words, "-addext", names, "-keyout", key, "-out", file], { stdio: "ignore" });
  return { key: await readFile(key), cert: await readFile(file), file };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
