import type { Credential } from "./http.ts";

/** The value of the Authorization header for requests to a URL, as of now: a token that expires is renewed in time. */
export async function authorizationHeader(credential: Credential, url: string): Promise<string> {
  switch (credential.kind) {
    case "pat":
      return `Basic ${Buffer.from(`:${credential.secret.reveal()}`).toString("base64")}`;
    case "bearer":
      return `Bearer ${credential.secret.reveal()}`;
    case "entra":
      return `Bearer ${(await credential.tokenFor(url)).reveal()}`;
  }
}
