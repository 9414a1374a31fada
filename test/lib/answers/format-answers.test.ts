import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { checkAnswers } from "../../../lib/answers/check-answers.ts";
import { formatAnswers } from "../../../lib/answers/format-answers.ts";
import { parseAnswers } from "../../../lib/answers/parse-answers.ts";
import { anAnswers } from "../../support/an-answers.ts";

const required = { model_name: "iris", team_name: "data-science" };

describe("formatAnswers", () => {
  test("writes text that reads back as the same answers, whatever text they hold", () => {
    const line = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.constantFrom(
        "yes",
        "0o7",
        "0777",
        "1_000",
        "2024-01-01",
        "12:30:45",
        "~",
        "null",
        "1e3",
        ".inf",
        "- a",
        "a: b",
        "# c",
      ),
    );
    fc.assert(
      fc.property(
        fc.record({ team_name: line, category: line, member: line }),
        ({ team_name, category, member }) => {
          const checked = checkAnswers({ ...required, team_name, business: { category }, members: [member] });
          if (!checked.ok) return;
          const text = formatAnswers(checked.answers);
          expect(parseAnswers(parse(text))).toEqual(checked.answers);
          expect(parseAnswers(parse(text, { version: "1.1" }))).toEqual(checked.answers);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("does not depend on the order in which the answers come", () => {
    const answers = anAnswers();
    const reversed = parseAnswers(Object.fromEntries(Object.entries(answers).toReversed()));

    expect(formatAnswers(reversed)).toBe(formatAnswers(answers));
  });

  test("begins with one line that says what the file is", () => {
    expect(formatAnswers(anAnswers())).toMatch(/^# [^\n]+\nmodel_name: iris\n/);
  });
});
