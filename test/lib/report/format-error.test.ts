import { describe, expect, test } from "@jest/globals";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { Secret } from "../../../lib/errors/secret.ts";
import { errorValue, formatError } from "../../../lib/report/format-error.ts";

const plain = { useColour: false, redact: [] };

describe("formatError", () => {
  test("shows message, every problem, hint and code of an expected error, and no stack", () => {
    const error = new EacError({
      code: "EAC_TEST",
      message: "Two answers are wrong.",
      hint: "Correct them.",
      problems: [
        { path: "model_name", rule: "pattern", message: "has a capital letter.", suggestion: "Try churn2." },
        { path: "cluster.min_workers", rule: "minimum", message: "is below 1." },
      ],
    });

    const text = formatError(error, plain);

    expect(text).toBe(
      [
        "error Two answers are wrong.",
        "  model_name: has a capital letter. Try churn2.",
        "  cluster.min_workers: is below 1.",
        "Correct them.",
        "(EAC_TEST)",
        "",
      ].join("\n"),
    );
  });

  test("calls anything else a bug of ours, with the stack and without what must not be shown", () => {
    const error = new Error("token abc in /home/kim/project");

    const text = formatError(error, {
      useColour: false,
      redact: [
        { text: "abc", shown: "***" },
        { text: "/home/kim", shown: "~" },
      ],
    });

    expect(text).toContain("This is a bug in generator-eac-model.");
    expect(text).toContain("token *** in ~/project");
    expect(text).toContain("at ");
    expect(text).not.toContain("abc");
  });
});

test("errorValue keeps code, message, hint and problems for machines", () => {
  const error = new EacError({ code: "EAC_TEST", message: "m", hint: "h" });

  expect(errorValue(error)).toEqual({ error: { code: "EAC_TEST", message: "m", hint: "h", problems: [] } });
});

test("a Secret shows its value to nobody but reveal()", () => {
  const secret = new Secret("hunter2");

  expect(`${String(secret)} ${JSON.stringify({ secret })} ${secret.toString()}`).not.toContain("hunter2");
  expect(secret.reveal()).toBe("hunter2");
});
