import { spawn } from "node:child_process";
import { finished, type Readable } from "node:stream";

/** One request of git's smart HTTP protocol, as CGI knows it. */
export interface GitHttpRequest {
  /** Folder of the bare repositories. */
  readonly root: string;
  /** `/<folder>/info/refs`, `/<folder>/git-upload-pack` or `/<folder>/git-receive-pack`. */
  readonly path: string;
  readonly method: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
  readonly userName: string;
  /** git settings for this request only; they win over those of the repository. */
  readonly config: readonly (readonly [string, string])[];
  /** Variables for hooks. */
  readonly env: Readonly<Record<string, string>>;
}

export interface GitHttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** Resolves when git has ended and everything it did is on the disk. */
  readonly ended: Promise<void>;
}

const headEnd = "\r\n\r\n";

/** Lets git's own http-backend answer, streaming both ways. Nothing of the person's git configuration takes part. */
export function serveGitHttp(request: GitHttpRequest): Promise<GitHttpReply> {
  const child = spawn("git", ["http-backend"], {
    env: environmentOf(request),
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.body.pipe(child.stdin).on("error", () => undefined);
  // A client that goes away in the middle ends git's input too, which a pipe alone would leave open.
  finished(request.body, () => child.stdin.end());
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(headEnd);
      if (end < 0) return;
      child.stdout.off("data", onData).pause();
      child.stdout.unshift(head.subarray(end + headEnd.length));
      resolve({ ...parseHead(head.subarray(0, end).toString("latin1")), body: child.stdout, ended });
    };
    child.stdout.on("data", onData);
    child.once("error", reject);
    child.once("close", () => reject(new Error("git http-backend ended without an answer")));
  });
}

/** No CONTENT_LENGTH: the end of the input says it all, and where it comes earlier than announced git http-backend reads on for ever. */
function environmentOf(request: GitHttpRequest): NodeJS.ProcessEnv {
  const { headers } = request;
  const config = request.config.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: process.env["PATH"],
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_COUNT: String(request.config.length),
    ...Object.fromEntries(config),
    GIT_PROJECT_ROOT: request.root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: request.path,
    REQUEST_METHOD: request.method,
    QUERY_STRING: request.query,
    REMOTE_USER: request.userName,
    CONTENT_TYPE: headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
    GIT_PROTOCOL: headers["git-protocol"] ?? "",
    ...request.env,
  };
}

function parseHead(head: string): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
} {
  const lines = head.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const headers = new Map(lines);
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  return { status, headers: Object.fromEntries(headers) };
}
