import { describe, expect, test } from "@jest/globals";
import { changedAnswers } from "../../../lib/answers/changed-answers.ts";

describe("changedAnswers", () => {
  test("names each single answer that differs, in lists and mappings", () => {
    const before = {
      serving: "batch",
      registry: { lifecycle: "stages", scope: "a" },
      environments: [{ name: "tst" }],
    };
    const after = {
      serving: "rest",
      registry: { lifecycle: "aliases", scope: "a" },
      environments: [{ name: "dev" }],
    };

    expect(changedAnswers(before, after)).toEqual([
      { path: "serving", before: "batch", after: "rest" },
      { path: "registry.lifecycle", before: "stages", after: "aliases" },
      { path: "environments[0].name", before: "tst", after: "dev" },
    ]);
  });

  test("tells new answers and gone ones, empty lists too", () => {
    expect(changedAnswers({ old: 1, same: 2 }, { same: 2, members: [], pool: "" })).toEqual([
      { path: "members", before: undefined, after: [] },
      { path: "pool", before: undefined, after: "" },
      { path: "old", before: 1, after: undefined },
    ]);
  });

  test("finds nothing between equal answers", () => {
    const answers = { environments: [{ name: "tst", approvers: [] }], cluster: {} };

    expect(changedAnswers(answers, structuredClone(answers))).toEqual([]);
  });
});
