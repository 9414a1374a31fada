import { describe, expect, test } from "@jest/globals";
import { expanded } from "../../../support/expand-files.ts";

describe("the path of a template", () => {
  test.each<readonly [from: string, reference: string, file: string]>([
    ["pipeline.yml", "steps/a.yml", "steps/a.yml"],
    ["pipeline.yml", "./steps/a.yml", "steps/a.yml"],
    ["pipeline.yml", "/steps/a.yml", "steps/a.yml"],
    ["pipeline.yml", "steps\\\\a.yml", "steps/a.yml"],
    ["deep/er/b.yml", "a.yml", "deep/er/a.yml"],
    ["deep/er/b.yml", "../a.yml", "deep/a.yml"],
    ["deep/er/b.yml", "../../a.yml", "a.yml"],
    ["deep/er/b.yml", "/a.yml", "a.yml"],
    ["deep/er/b.yml", "a.yml@self", "deep/er/a.yml"],
    ["deep/er/b.yml", "${{ 'a' }}.yml", "deep/er/a.yml"],
    ["pipeline.yml", "a.yml@other", "a.yml@other"],
    ["deep/er/b.yml", "x/a.yml@other", "x/a.yml@other"],
    ["deep/b.yml@other", "a.yml", "deep/a.yml@other"],
    ["deep/b.yml@other", "/a.yml", "a.yml@other"],
    ["deep/b.yml@other", "a.yml@other", "deep/a.yml@other"],
    ["deep/b.yml@other", "a.yml@self", "a.yml"],
  ])("of %s, %s leads to %s", (from, reference, file) => {
    const head = "resources:\n  repositories:\n    - repository: other\n      name: o\n";
    const call = `steps:\n  - template: "${reference}"\n`;
    const isRoot = from === "pipeline.yml";
    const files = {
      "pipeline.yml": `${head}${isRoot ? call : `steps:\n  - template: /${from}\n`}`,
      ...(isRoot ? {} : { [from]: call }),
      [file]: "steps:\n  - bash: found\n",
    };

    expect(expanded(files)).toMatchObject({ steps: [{ bash: "found" }] });
  });
});
