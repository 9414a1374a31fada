import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../lib/errors/secret.ts";
import { carriesToken, isLocalHost, isLocalOrigin } from "../../../lib/local/authenticate.ts";

const token = new Secret("a-token-with-umlauts-äö:and-a-colon");

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

describe("authentication", () => {
  test.each([
    basic(`:${token.reveal()}`),
    basic(`PAT:${token.reveal()}`),
    basic(`OAuth:${token.reveal()}`).replace("Basic", "bAsIc"),
    `Bearer ${token.reveal()}`,
  ])("takes the token as %s", (header) => {
    expect(carriesToken(header, token)).toBe(true);
  });

  test.each([
    undefined,
    "",
    "Basic",
    "Bearer ",
    token.reveal(),
    `Digest ${token.reveal()}`,
    `Bearer ${token.reveal()}x`,
    `Bearer ${token.reveal().slice(1)}`,
    basic(token.reveal().replace(":", "")),
    basic(`${token.reveal()}:`),
  ])("refuses %s", (header) => {
    expect(carriesToken(header, token)).toBe(false);
  });

  test.each(["Bearer ", "Bearer", basic(":"), "Basic "])(
    "never takes an empty token for the token: %s",
    (header) => {
      expect(carriesToken(header, new Secret(""))).toBe(false);
    },
  );

  test.each([
    { host: "127.0.0.1:8080", isLocal: true },
    { host: "localhost:8080", isLocal: true },
    { host: "127.0.0.1:8081", isLocal: false },
    { host: "127.0.0.1", isLocal: false },
    { host: "localhost.example:8080", isLocal: false },
    { host: "evil.example:8080", isLocal: false },
    { host: undefined, isLocal: false },
  ])("takes the host $host for this machine: $isLocal", ({ host, isLocal }) => {
    expect(isLocalHost(host, 8080)).toBe(isLocal);
  });

  test.each([
    { origin: undefined, isLocal: true },
    { origin: "http://127.0.0.1:8080", isLocal: true },
    { origin: "null", isLocal: false },
    { origin: "https://127.0.0.1:8080", isLocal: false },
    { origin: "http://127.0.0.1:3000", isLocal: false },
    { origin: "https://evil.example", isLocal: false },
  ])("takes a page of $origin for one of ours: $isLocal", ({ origin, isLocal }) => {
    expect(isLocalOrigin(origin, 8080)).toBe(isLocal);
  });
});
