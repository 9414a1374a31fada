import { expect, test } from "@jest/globals";
import { redact } from "../../../../../lib/local/databricks/python/redact.ts";

test.each([
  { text: "a secret, a secret", values: ["secret"], shown: "a [REDACTED], a [REDACTED]" },
  { text: "key=abcdef", values: ["abc", "abcdef"], shown: "key=[REDACTED]" },
  { text: "line one\n", values: ["line one\n\n", "", " "], shown: "[REDACTED]\n" },
  { text: "$& stays", values: ["$&"], shown: "[REDACTED] stays" },
  { text: "nothing", values: [], shown: "nothing" },
])("redact shows $shown", ({ text, values, shown }) => {
  expect(redact(text, values)).toBe(shown);
});
