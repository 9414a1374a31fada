import { expect, test } from "@jest/globals";
import { mergeAnswers, setAnswers } from "../../../lib/answers/merge-answers.ts";

test("mergeAnswers merges mappings and replaces lists, the later layer the stronger", () => {
  const merged = mergeAnswers([
    { registry: { lifecycle: "stages", cmr_scope: "a" }, members: ["x"] },
    { registry: { lifecycle: "aliases" }, members: ["y"] },
  ]);

  expect(merged).toEqual({ registry: { lifecycle: "aliases", cmr_scope: "a" }, members: ["y"] });
});

test("setAnswers changes one entry of a list that is given, and keeps the others", () => {
  const given = { environments: [{ name: "dev" }, { name: "live", approvers: ["a@example.com"] }] };

  const changed = setAnswers(given, [{ path: ["environments", 1, "name"], value: "prod" }]);

  expect(changed).toEqual({
    environments: [{ name: "dev" }, { name: "prod", approvers: ["a@example.com"] }],
  });
  expect(given.environments[1]?.name).toBe("live");
});

test("setAnswers changes one entry of the default list where none is given", () => {
  const changed = setAnswers({}, [
    { path: ["environments", 1, "workspace_url"], value: "https://adb-1.azuredatabricks.net" },
  ]);

  expect(changed).toEqual({
    environments: [
      { name: "tst" },
      { name: "qa", workspace_url: "https://adb-1.azuredatabricks.net" },
      { name: "prod" },
    ],
  });
});
