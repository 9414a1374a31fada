import { describe, expect, test } from "@jest/globals";
import { toPlain } from "../../../../lib/pipelines/expressions/convert.ts";
import { expanded, problemsOf } from "../../../support/expand-files.ts";

/** What an expression gives as the whole value of a key, in a pipeline with parameters of many kinds. */
function resultOf(expression: string): unknown {
  const files = {
    "pipeline.yml": `
parameters:
  - { name: text, default: Iris }
  - { name: count, type: number, default: 3 }
  - { name: flag, type: boolean, default: true }
  - { name: list, type: object, default: [a, b, c] }
  - { name: map, type: object, default: { one: 1, two: { three: 3 } } }
  - { name: items, type: object, default: [{ name: x, size: 1 }, { name: y, size: 2 }] }
  - { name: nested, type: object, default: { one: { name: x, tags: [p, q] }, two: { name: y, tags: [r] } } }
  - { name: none, type: object, default: '' }
variables:
  word: apple
  number: 10
  truth: true
  empty: ''
steps:
  - bash: ls
    env:
      RESULT: \${{ ${expression} }}`,
  };
  const { steps } = toSteps(expanded(files));
  return toPlain(steps[0]?.env?.["RESULT"] ?? null);
}

interface Steps {
  readonly steps: readonly { readonly env?: Readonly<Record<string, string>> }[];
}

function toSteps(value: unknown): Steps {
  const parsed: Steps = JSON.parse(JSON.stringify(value));
  return parsed;
}

describe("an expression in YAML gives", () => {
  test.each<readonly [expression: string, result: string]>([
    // every value becomes text where YAML wants text
    ["true", "True"],
    ["not(true)", "False"],
    ["3", "3"],
    ["-0.50", "-0.5"],
    ["parameters.text", "Iris"],
    ["parameters.flag", "True"],
    ["parameters.count", "3"],
    ["variables.truth", "true"],
    ["variables.none", ""],
    ["1.2.3", "1.2.3"],
    // the left side decides what is compared
    ["eq(parameters.flag, 'true')", "True"],
    ["eq('true', parameters.flag)", "True"],
    ["eq(variables.truth, true)", "True"],
    ["eq(true, variables.truth)", "True"],
    ["eq(true, 'False')", "True"],
    ["eq(variables.number, 10)", "True"],
    ["eq(10, variables.number)", "True"],
    ["eq('10.0', 10)", "False"],
    ["eq(10, '10.0')", "True"],
    ["eq(variables.none, '')", "True"],
    ["eq('', variables.none)", "True"],
    ["ne(parameters.text, 'iris')", "False"],
    ["eq(parameters.list, 'a')", "False"],
    ["gt(variables.number, 9)", "False"],
    ["gt(9, variables.number)", "False"],
    ["lt(9, variables.number)", "True"],
    ["ge('b', 'A')", "True"],
    ["lt(1.9.0, 1.10.0)", "True"],
    ["in(parameters.text, 'rose', 'IRIS')", "True"],
    ["notIn(parameters.count, 1, 2)", "True"],
    // numbers are read and written as .NET does
    ["eq(1000, '1,000')", "True"],
    ["eq(1000, ' +1,000.0 ')", "True"],
    ["eq(0, '')", "True"],
    ["eq(0, ' ')", "False"],
    ["eq(1, '1e0')", "False"],
    ["0.123456789", "0.1234568"],
    ["100", "100"],
    ["1.10", "1.1"],
    ["in('a')", "False"],
    ["notIn('a')", "True"],
    // logic
    ["and(parameters.flag, variables.word)", "True"],
    ["and(parameters.flag, variables.empty)", "False"],
    ["or(variables.empty, 0, 'x')", "True"],
    ["xor(true, false)", "True"],
    ["iif(gt(parameters.count, 2), 'many', 'few')", "many"],
    ["coalesce(variables.none, variables.empty, 'default')", "default"],
    // texts
    ["format('{0}-{1}-{0}', 'a', 'b')", "a-b-a"],
    ["format('{{{0}}}', 'a')", "{a}"],
    ["upper(lower('Iris'))", "IRIS"],
    ["replace('https://a/b', '/', '_')", "https:__a_b"],
    ["join(',', parameters.list)", "a,b,c"],
    ["join('-', split('a.b.c', '.'))", "a-b-c"],
    ["join(',', parameters.items.*.name)", "x,y"],
    ["length(parameters.list)", "3"],
    ["length(parameters.text)", "4"],
    ["trim('  a  ')", "a"],
    ["substring('abcdef', 2, 3)", "cde"],
    ["startsWith(parameters.text, 'IR')", "True"],
    ["endsWith(parameters.text, 'is')", "True"],
    ["contains(parameters.text, 'RI')", "True"],
    ["containsValue(parameters.list, 'B')", "True"],
    ["containsValue(parameters.map, 1)", "True"],
    // what is sought decides of which kind the items are
    ["containsValue(split('1|10.0', '|'), 10)", "True"],
    ["containsValue(split('no|off', '|'), true)", "True"],
    ["containsValue(split('no|off', '|'), 'on')", "False"],
    // reading
    ["parameters . map . one", "1"],
    ["parameters.map.true", ""],
    ["parameters.map.two.three", "3"],
    ["join('+', parameters.nested.*.tags.*)", "p+q+r"],
    ["join('+', parameters.nested.*.tags[0])", "p+r"],
    ["join('+', parameters.nested[*].name)", "x+y"],
    ["join('+', parameters.none.*.name)", ""],
    ["length(parameters.nested.*.nothing)", "0"],
    ["parameters['map']['two']['three']", "3"],
    ["parameters.MAP.One", "1"],
    ["parameters.list[1]", "b"],
    ["parameters.items[1].name", "y"],
    ["variables['Build.SourceBranchName']", "main"],
    ["parameters.map.none.deeper", ""],
  ])("%s → %s", (expression, result) => {
    expect(resultOf(expression)).toBe(result);
  });

  test("JSON of a parameter", () => {
    expect(JSON.parse(String(resultOf("convertToJson(parameters.items)")))).toEqual([
      { name: "x", size: "1" },
      { name: "y", size: "2" },
    ]);
  });
});

describe("an expression is refused for", () => {
  test.each<readonly [expression: string, message: string]>([
    ["1 + 2", "Unexpected symbol: '+'"],
    ["'a' == 'b'", "Unexpected symbol: '=='"],
    ["!true", "Unexpected symbol: '!true'"],
    ["eq(1)", "eq takes 2 arguments, not 1"],
    ["iif(true, 1)", "iif takes 3 arguments, not 2"],
    ["succeeded()", "Unrecognized value: 'succeeded' is no function here"],
    ["counter('a', 1)", "Unrecognized value: 'counter' is no function here"],
    ["env('PATH')", "Unrecognized value: 'env' is no function here"],
    ["dependencies.A.result", "Unrecognized value: 'dependencies'"],
    ["parameters.nobody", "There is no parameters.nobody"],
    ["parameters.my-name", "Unexpected symbol: 'my-name'"],
    ["'open", "The expression is not closed by '}}'"],
    ["eq(1, 2", "A ')' is missing at the end"],
    ["gt(1, 'many')", "A text cannot be compared with a number"],
    ["lower(parameters.list)", "A list stands where a text is needed"],
    ["format('{1}', 'a')", "Format has no value for {1}"],
    ["1.2.3.4.5", "Unexpected symbol: '1.2.3.4.5'"],
    ["and", "The function and needs parentheses"],
    ["", "An expression is missing between ${{ and }}"],
    ["coalesce('a')", "coalesce takes at least 2 arguments, not 1"],
    ["format('{0:yyyy}', 'a')", "A text cannot be written as 'yyyy'"],
    ["(true)", "Unexpected symbol: '('"],
    ["null", "Unrecognized value: 'null'"],
  ])("%s", (expression, message) => {
    const files = {
      "pipeline.yml": `parameters:\n  - { name: list, type: object, default: [a] }\nsteps:\n  - bash: ls\n    displayName: \${{ ${expression} }}`,
    };

    expect(problemsOf(files)).toEqual([expect.stringContaining(`pipeline.yml:5: ${message}`)]);
  });
});
