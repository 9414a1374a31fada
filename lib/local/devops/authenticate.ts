import { timingSafeEqual, createHash } from "node:crypto";
import type { Secret } from "../../errors/secret.ts";

/** Whether an Authorization header carries the token: Basic with any user name, or Bearer. Takes the same time for any wrong one. */
export function carriesToken(header: string | undefined, token: Secret): boolean {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  const given = scheme.toLowerCase() === "basic" ? passwordOf(value) : value;
  const known = scheme.toLowerCase() === "basic" || scheme.toLowerCase() === "bearer";
  return timingSafeEqual(digest(given), digest(token.reveal())) && known;
}

/** Whether the request was addressed to this machine: a page in a browser that reached the port by another name is refused. */
export function isLocalHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function passwordOf(basic: string): string {
  const text = Buffer.from(basic, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
