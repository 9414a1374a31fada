import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { yamlPaths } from "../../../../lib/update/merge/yaml-paths.ts";
import { runs } from "../../../support/property-seed.ts";

/** Each line with the blocks it stands in, as ` > `-separated names. */
function pathsOf(text: string): readonly string[] {
  return yamlPaths(text.split("\n")).map((path) => path.split("\n").slice(1).join(" > "));
}

describe("yamlPaths", () => {
  test("names stages, jobs and steps by what names them", () => {
    const text = [
      "stages:",
      "  - stage: build",
      "    jobs:",
      "      - deployment: web",
      "        steps:",
      "          - task: Bash@3",
      "            displayName: Install",
    ].join("\n");

    expect(pathsOf(text)).toEqual([
      "stages",
      "stages > - stage: build > stage",
      "stages > - stage: build > jobs",
      "stages > - stage: build > jobs > - deployment: web > deployment",
      "stages > - stage: build > jobs > - deployment: web > steps",
      "stages > - stage: build > jobs > - deployment: web > steps > - displayName: Install > task",
      "stages > - stage: build > jobs > - deployment: web > steps > - displayName: Install > displayName",
    ]);
  });

  test("knows the items of a list in the column of its key", () => {
    expect(pathsOf("steps:\n- script: a\n  env:\n    x: 1\nend: 1")).toEqual([
      "steps",
      "steps > - script: a > script",
      "steps > - script: a > env",
      "steps > - script: a > env > x",
      "end",
    ]);
  });

  test("counts items that nothing tells apart", () => {
    expect(pathsOf("- script: a\n- script: b\n- script: a")).toEqual([
      "- script: a > script",
      "- script: b > script",
      "- script: a #1 > script",
    ]);
  });

  test("takes the text of a script for text, whatever it looks like", () => {
    expect(pathsOf("- script: |\n    - stage: x\n\n    key: value\n  displayName: Run")).toEqual([
      "- displayName: Run > script",
      "- displayName: Run > script",
      "- displayName: Run > script",
      "- displayName: Run > script",
      "- displayName: Run > displayName",
    ]);
  });

  test("counts comments and blank lines to what follows", () => {
    expect(pathsOf("a:\n  b: 1\n\n# about c\nc: 1")).toEqual(["a", "a > b", "c", "c", "c"]);
  });

  test("knows expressions and items in items", () => {
    expect(pathsOf("- ${{ if eq(parameters.x, 'a') }}:\n    - - y: 1\n")).toEqual([
      "- ${{ if eq(parameters.x, 'a') }}:  > ${{ if eq(parameters.x, 'a') }}",
      "- ${{ if eq(parameters.x, 'a') }}:  > ${{ if eq(parameters.x, 'a') }} > - :  > - y: 1 > y",
      "",
    ]);
  });

  test("says something of each line of any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(yamlPaths(lines)).toHaveLength(lines.length);
      }),
      runs(200),
    );
  });
});
