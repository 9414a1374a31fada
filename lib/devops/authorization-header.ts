import type { Credential } from "./http.ts";

/** The value of the Authorization header for a request that does not go through `connect`, such as one of git. */
export function authorizationHeader({ kind, secret }: Credential): string {
  if (kind === "bearer") return `Bearer ${secret.reveal()}`;
  return `Basic ${Buffer.from(`:${secret.reveal()}`).toString("base64")}`;
}
