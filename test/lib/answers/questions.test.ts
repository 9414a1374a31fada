import { describe, expect, test } from "@jest/globals";
import { answersFromReplies, deriveQuestions } from "../../../lib/answers/questions.ts";

describe("deriveQuestions", () => {
  test("asks the six questions in order, with their defaults", () => {
    const questions = deriveQuestions({});

    expect(questions.map(({ name, default: initial }) => [name, initial])).toEqual([
      ["model_name", undefined],
      ["team_name", undefined],
      ["model_type", "supervised"],
      ["serving", "batch"],
      ["environments", "tst, qa, prod"],
      ["maturity_level", 3],
    ]);
  });

  test("does not ask what is answered", () => {
    expect(
      deriveQuestions({ model_name: "iris", team_name: "t", maturity_level: 1 }).map(({ name }) => name),
    ).toEqual(["model_type", "serving", "environments"]);
  });

  test("offers a maturity level by what it means", () => {
    const question = deriveQuestions({}).find(({ name }) => name === "maturity_level");

    expect(question).toMatchObject({
      type: "select",
      choices: expect.arrayContaining([{ name: "5 automated operations", value: 5 }]),
    });
  });

  test.each([
    { name: "model_name", reply: "Churn2", says: "Try churn2." },
    { name: "model_name", reply: "churn2", says: true },
    { name: "team_name", reply: "", says: "team_name" },
    { name: "environments", reply: "tst", says: "at least 2" },
    { name: "environments", reply: "tst, tst", says: "already" },
    { name: "environments", reply: "dev prod", says: true },
  ])("checks the reply $reply to $name as it is typed", ({ name, reply, says }) => {
    const question = deriveQuestions({}).find((candidate) => candidate.name === name);
    if (question?.type !== "input") throw new Error("no input question");

    const verdict = question.validate(reply);

    if (says === true) expect(verdict).toBe(true);
    else expect(verdict).toContain(says);
  });

  test("turns names with commas into environments", () => {
    expect(answersFromReplies({ environments: " dev,  prod ", model_name: " iris " })).toEqual({
      environments: [{ name: "dev" }, { name: "prod" }],
      model_name: "iris",
    });
  });
});
