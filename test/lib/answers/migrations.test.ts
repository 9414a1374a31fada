import { describe, expect, test } from "@jest/globals";
import type { AnswersInput } from "../../../lib/answers/answers-input.ts";
import { answersVersion, migrateAnswers, type AnswersMigration } from "../../../lib/answers/migrations.ts";

const renamed: AnswersMigration = ({ owner, ...rest }: AnswersInput) =>
  owner === undefined ? rest : { ...rest, team_name: owner };
const nested: AnswersMigration = ({ reviewers, ...rest }: AnswersInput) => ({
  ...rest,
  reviewers: typeof reviewers === "number" ? { minimum: reviewers } : reviewers,
});

describe("migrateAnswers", () => {
  test("runs every migration since the version of the answers, in order", () => {
    const steps = [renamed, nested];

    expect(migrateAnswers({ owner: "red", reviewers: 2 }, 1, steps)).toEqual({
      team_name: "red",
      reviewers: { minimum: 2 },
    });
    expect(migrateAnswers({ owner: "red", reviewers: 2 }, 2, steps)).toEqual({
      owner: "red",
      reviewers: { minimum: 2 },
    });
  });

  test("leaves answers of the newest version alone", () => {
    const answers = { model_name: "iris", unknown: [1] };

    expect(migrateAnswers(answers, answersVersion)).toBe(answers);
  });
});
