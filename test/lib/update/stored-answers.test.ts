import { describe, expect, test } from "@jest/globals";
import { formatAnswers } from "../../../lib/answers/format-answers.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import { parseState, type RepositoryState } from "../../../lib/update/read-state.ts";
import { stateFiles } from "../../../lib/update/state-files.ts";
import { answersOfLastRender, storedAnswers } from "../../../lib/update/stored-answers.ts";
import { anAnswers } from "../../support/an-answers.ts";

async function aState(): Promise<RepositoryState> {
  const templates = await readTemplates();
  const answers = anAnswers({ serving: "rest" });
  const [file, baseline, manifest] = stateFiles({ answers, templates, tree: renderTree(templates, answers) });
  return parseState({ answers: file?.bytes, baseline: baseline?.bytes, manifest: manifest?.bytes });
}

describe("storedAnswers", () => {
  test("are those of the file, edited or not", async () => {
    const state = await aState();
    const edited = state.answersText.replace("serving: rest", "serving: batch");

    expect(storedAnswers(state)).toMatchObject({ serving: "rest" });
    expect(storedAnswers({ ...state, answersText: edited })).toMatchObject({ serving: "batch" });
  });

  test("name the line of a conflict marker that somebody committed", async () => {
    const state = { ...(await aState()), answersText: "serving: rest\n<<<<<<< HEAD\n" };

    expect(() => storedAnswers(state)).toThrow(".eac-model/answers.yml");
  });
});

describe("answersOfLastRender", () => {
  test("are those of the baseline, whatever is in the file now", async () => {
    const state = { ...(await aState()), answersText: "serving: batch\n" };

    expect(answersOfLastRender(state, anAnswers())).toEqual(anAnswers({ serving: "rest" }));
  });

  test("have the default of a question that is new", async () => {
    const state = await aState();
    const baselineAnswersText = state.baselineAnswersText.replace(/^agent_pool:.*\n/m, "");

    const answers = answersOfLastRender(
      { ...state, baselineAnswersText },
      anAnswers({ agent_pool: "linux" }),
    );

    expect(baselineAnswersText).not.toBe(state.baselineAnswersText);
    expect(answers.agent_pool).toBe("");
  });

  test("have the new answer where a question that is new has no default", async () => {
    const state = await aState();
    const baselineAnswersText = formatAnswers(anAnswers({ serving: "rest" })).replace(/^team_name:.*\n/m, "");

    const answers = answersOfLastRender({ ...state, baselineAnswersText }, anAnswers({ team_name: "red" }));

    expect(answers).toEqual(anAnswers({ serving: "rest", team_name: "red" }));
  });
});
