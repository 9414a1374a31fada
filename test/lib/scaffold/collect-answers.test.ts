import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { collectAnswers } from "../../../lib/scaffold/collect-answers.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("collectAnswers", () => {
  test("prefers --set to the file, the file to a person, and a person to the default", async () => {
    await using folder = await temporaryFolder();
    const answersFile = join(folder.path, "a.yml");
    await writeFile(answersFile, "model_name: from-file\nserving: rest\nmaturity_level: 1\n");
    const asked: string[] = [];

    const answers = await collectAnswers({
      fixed: {},
      set: ["maturity_level=5"],
      answersFile,
      ask: (questions) => {
        asked.push(...questions.map(({ name }) => name));
        return Promise.resolve({ team_name: "asked", model_type: "unsupervised", environments: "a, b" });
      },
    });

    expect(asked).toEqual(["team_name", "model_type", "environments"]);
    expect(answers).toMatchObject({
      model_name: "from-file",
      serving: "rest",
      maturity_level: 5,
      team_name: "asked",
      model_type: "unsupervised",
      environment_file: "conda",
    });
  });

  test("lists what is missing and what is wrong together where nobody can be asked", async () => {
    const failure = collectAnswers({
      fixed: {},
      set: ["serving=soap"],
      answersFile: undefined,
      ask: undefined,
    });

    await expect(failure).rejects.toMatchObject({
      exitCode: 5,
      problems: expect.arrayContaining([
        expect.objectContaining({ path: "model_name", rule: "required" }),
        expect.objectContaining({ path: "team_name", rule: "required" }),
        expect.objectContaining({ path: "serving", rule: "enum" }),
      ]),
    });
  });

  test("refuses what is wrong before it asks for what is missing", async () => {
    const asked: string[] = [];
    const failure = collectAnswers({
      fixed: {},
      set: ["serving=soap", "model_nane=x"],
      answersFile: undefined,
      ask: (questions) => {
        asked.push(...questions.map(({ name }) => name));
        return Promise.resolve({});
      },
    });

    await expect(failure).rejects.toMatchObject({
      code: "EAC_ANSWERS_INVALID",
      problems: [
        expect.objectContaining({ path: "model_nane" }),
        expect.objectContaining({ path: "serving", rule: "enum" }),
      ],
    });
    expect(asked).toEqual([]);
  });
});
