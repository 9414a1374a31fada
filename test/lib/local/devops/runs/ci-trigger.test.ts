import { describe, expect, test } from "@jest/globals";
import {
  asksForNoRun,
  isTriggered,
  readCiTrigger,
  readDefinitionTrigger,
} from "../../../../../lib/local/devops/runs/ci-trigger.ts";
import { parseYamlNode } from "../../../../../lib/pipelines/parse-yaml-node.ts";

function triggers(yaml: string, ref: string, paths: readonly string[] = ["a.txt"]): boolean {
  const trigger = readCiTrigger(parseYamlNode(`${yaml}\nsteps: []\n`, "ci.yml"));
  return trigger !== undefined && isTriggered(trigger, { ref, paths });
}

describe("the trigger of a YAML file", () => {
  test.each([
    { yaml: "name: x", ref: "refs/heads/any", expected: true },
    { yaml: "trigger: none", ref: "refs/heads/main", expected: false },
    { yaml: "trigger: main", ref: "refs/heads/main", expected: true },
    { yaml: "trigger: [main, release/*]", ref: "refs/heads/release/1", expected: true },
    { yaml: "trigger: [main]", ref: "refs/heads/mainly", expected: false },
    { yaml: "trigger: {branches: {include: [refs/heads/main]}}", ref: "refs/heads/main", expected: true },
    { yaml: "trigger: {branches: {exclude: [old/*]}}", ref: "refs/heads/new/1", expected: true },
    { yaml: "trigger: {branches: {exclude: [old/*]}}", ref: "refs/heads/old/1", expected: false },
    {
      yaml: "trigger: {branches: {include: ['*'], exclude: [old/*]}}",
      ref: "refs/heads/old/1",
      expected: false,
    },
    { yaml: "trigger: {batch: true}", ref: "refs/heads/any", expected: true },
    { yaml: "trigger: [main]", ref: "refs/tags/v1", expected: false },
    { yaml: "trigger: {tags: {include: [v*]}}", ref: "refs/tags/v1", expected: true },
    { yaml: "trigger: {tags: {include: [v*]}}", ref: "refs/heads/main", expected: false },
  ])("is $expected for $ref where the file says $yaml", ({ yaml, ref, expected }) => {
    expect(triggers(yaml, ref)).toBe(expected);
  });

  test.each([
    { paths: "{include: [src]}", changed: ["src/a.py"], expected: true },
    { paths: "{include: [src]}", changed: ["srcs/a.py"], expected: false },
    { paths: "{include: [/src/]}", changed: ["src/deep/a.py"], expected: true },
    { paths: "{include: [src], exclude: [src/docs]}", changed: ["src/docs/a.md"], expected: false },
    {
      paths: "{include: [src], exclude: [src/docs]}",
      changed: ["src/docs/a.md", "src/b.py"],
      expected: true,
    },
    { paths: "{exclude: [docs]}", changed: ["readme.md"], expected: true },
    { paths: "{exclude: [tools], include: [tools/run]}", changed: ["tools/run/a"], expected: true },
    { paths: "{include: ['*.md']}", changed: ["readme.md"], expected: true },
    { paths: "{include: ['*.md']}", changed: ["docs/readme.md"], expected: false },
    { paths: "{include: ['**/*.md']}", changed: ["docs/deep/readme.md"], expected: true },
  ])("is $expected for $changed where the paths are $paths", ({ paths, changed, expected }) => {
    const yaml = `trigger: {branches: {include: [main]}, paths: ${paths}}`;

    expect(triggers(yaml, "refs/heads/main", changed)).toBe(expected);
  });
});

describe("the trigger of a definition", () => {
  test("leaves it to the file, or has filters of its own, or is none", () => {
    const own = {
      triggerType: "continuousIntegration",
      settingsSourceType: 1,
      branchFilters: ["+main", "-old"],
    };

    expect(readDefinitionTrigger({})).toBe("yaml");
    expect(readDefinitionTrigger({ triggers: [{ ...own, settingsSourceType: 2 }] })).toBe("yaml");
    expect(readDefinitionTrigger({ triggers: [own] })).toMatchObject({
      branches: { include: ["main"], exclude: ["old"] },
    });
    expect(readDefinitionTrigger({ triggers: [{ triggerType: "schedule" }] })).toBeUndefined();
  });
});

describe("a message", () => {
  test.each(["Add x [skip ci]", "[CI SKIP] y", "skip-checks: true", "***NO_CI***", "[skip azp]"])(
    "asks for no run with %j",
    (message) => {
      expect(asksForNoRun(["An other one", message])).toBe(true);
    },
  );

  test("asks for a run when it says nothing about it", () => {
    expect(asksForNoRun(["Skip ci checks for now"])).toBe(false);
  });
});
