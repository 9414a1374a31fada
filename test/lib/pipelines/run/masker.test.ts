import { describe, expect, test } from "@jest/globals";
import { SecretMasker } from "../../../../lib/pipelines/run/masker.ts";

function masked(secret: string, text: string): string {
  const masker = new SecretMasker();
  masker.add(secret);
  return masker.mask(text);
}

const secret = `p&ss w0rd'"<x>/+`;

describe("a secret is hidden", () => {
  test.each([
    ["as it is", secret],
    ["as JSON", JSON.stringify({ secret })],
    ["in an address", `https://host/?q=${encodeURIComponent(secret)}`],
    ["in XML", `<a>${secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</a>`],
    ["quoted for a shell", `'${secret.replaceAll("'", String.raw`'\''`)}'`],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 behind one byte", Buffer.from(`u${secret}`).toString("base64")],
    ["in base64 behind two bytes", Buffer.from(`u:${secret}:v`).toString("base64")],
    ["in base64 for addresses", Buffer.from(secret).toString("base64url")],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
  ])("%s", (_form, text) => {
    const shown = masked(secret, text);

    expect(shown).toContain("***");
    expect(shown).not.toContain("w0rd");
    expect(shown.length).toBeLessThan(text.length);
  });

  test("in each of its lines", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADAN\nq2==\n-----END KEY-----";

    expect(masked(key, "line: MIIEvQIBADAN").trim()).toBe("line: ***");
  });

  test("wholly, where another secret is a part of it", () => {
    const masker = new SecretMasker();
    masker.add("token");
    masker.add("token-of-prod");

    expect(masker.mask("a token-of-prod and a token")).toBe("a *** and a ***");
  });

  test("with characters that mean something in patterns", () => {
    expect(masked("a.b*c(d)[e]", "is a.b*c(d)[e] here, and axbbc is not")).toBe(
      "is *** here, and axbbc is not",
    );
  });
});

test("an empty secret hides nothing", () => {
  expect(masked("", "text")).toBe("text");
});

test.each([76, 64])("a long secret is hidden in base64 with lines of %d letters", (width) => {
  const long = Array.from({ length: 30 }, (_, index) => `part${index}`).join("-");
  const base64 = Buffer.from(`${long}\n`).toString("base64");
  const lines = base64.match(new RegExp(`.{1,${width}}`, "g")) ?? [];

  const shown = lines.map((line) => masked(long, line)).filter((line) => line !== "***");

  expect(shown.join("").length).toBeLessThan(8);
});
