import { describe, expect, test } from "@jest/globals";
import { expanded, problemsOf } from "../../support/expand-files.ts";

const files = {
  "pipeline.yml": `
parameters:
  - { name: list, type: stringList, default: [] }
  - { name: map, type: object, default: {} }
  - { name: steps, type: stepList, default: [] }
  - { name: text, default: "" }
  - { name: needed }
steps:
  - \${{ parameters.steps }}
  - \${{ each item in parameters.list }}:
      - script: \${{ item }} \${{ parameters.map.key[0] }} \${{ parameters.text }}
`,
};

describe("what is given for a parameter as a text", () => {
  test("is read as YAML where the parameter has more than one text, and as it is elsewhere", () => {
    const result = expanded(files, {
      list: '["a", b]',
      map: "{key: [1]}",
      steps: "- bash: first",
      text: "[x]",
      needed: "{",
    });

    expect(result).toMatchObject({
      steps: [{ bash: "first" }, { script: "a 1 [x]" }, { script: "b 1 [x]" }],
    });
  });

  test("is refused at the declaration where it is no YAML, together with everything else", () => {
    const problems = problemsOf(files, { list: "[", map: "a: b: c", nothing: "x" });

    expect(problems).toEqual([
      expect.stringMatching(/^pipeline.yml:3: The value for the parameter 'list' cannot be read. This is/),
      expect.stringMatching(/^pipeline.yml:4: The value for the parameter 'map' cannot be read. This is/),
      "pipeline.yml:7: pipeline.yml needs the parameter 'needed'.",
      "pipeline.yml:1: pipeline.yml has no parameter 'nothing'.",
    ]);
  });
});
