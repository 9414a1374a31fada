import { describe, expect, test } from "@jest/globals";
import { setAnswers } from "../../../lib/answers/merge-answers.ts";
import { parseSetOptions } from "../../../lib/answers/parse-set-options.ts";

describe("parseSetOptions", () => {
  test("takes YAML values at dotted paths and in lists", () => {
    const options = parseSetOptions([
      "maturity_level=5",
      "registry.lifecycle=aliases",
      "environments[1].name=uat",
      "environments.0.name=dev",
      "members=[a@b.c]",
      "image=a=b",
      "team_name=",
    ]);

    expect(
      setAnswers(
        { environments: [{ name: "tst", workspace_url: "https://a" }, { name: "qa" }, { name: "prod" }] },
        options,
      ),
    ).toEqual({
      maturity_level: 5,
      registry: { lifecycle: "aliases" },
      environments: [{ name: "dev", workspace_url: "https://a" }, { name: "uat" }, { name: "prod" }],
      members: ["a@b.c"],
      image: "a=b",
      team_name: "",
    });
  });

  test.each([
    { word: "model_name=123", value: "123" },
    { word: "business.financial_id=007", value: "007" },
    { word: "notifications.slack=#model-alerts", value: "#model-alerts" },
    { word: "platform_team=[AnalyticsOps]\\Platform", value: "[AnalyticsOps]\\Platform" },
    { word: "image=a: b", value: "a: b" },
    { word: 'team_name="a # b"', value: "a # b" },
    { word: "team_name='it''s'", value: "it's" },
    { word: "default_branch=null", value: "null" },
    { word: "members[0]=123", value: "123" },
    { word: "maturity_level=5 # the highest", value: 5 },
  ])("takes $word as $value", ({ word, value }) => {
    expect(parseSetOptions([word])).toMatchObject([{ value }]);
  });

  test("reports every malformed value at once, and repeats no value", () => {
    const words = [
      { word: "model_name", path: "--set model_name" },
      { word: "a..b=1", path: "--set a..b" },
      { word: "=x", path: "--set " },
      { word: "x={", path: "--set x" },
      { word: "x=[&a 1, *b]", path: "--set x" },
      { word: "x=!!binary aGk=", path: "--set x" },
      { word: `x=${"[".repeat(10_000)}`, path: "--set x" },
      { word: "a[100000000].b=1", path: "--set a[100000000].b" },
    ];

    expect(() => parseSetOptions(words.map(({ word }) => word))).toThrow(
      expect.objectContaining({
        code: "EAC_ANSWERS_SET",
        exitCode: 5,
        problems: words.map(({ path }) => expect.objectContaining({ path })),
      }),
    );
  });

  test("keeps a key named __proto__ from reaching any prototype", () => {
    const result = setAnswers({}, parseSetOptions(["__proto__.polluted=yes"]));

    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(result)).toEqual(["__proto__"]);
  });
});
