import { describe, expect, test } from "@jest/globals";
import { toPlain } from "../../../../lib/pipelines/expressions/convert.ts";
import { evaluate } from "../../../../lib/pipelines/expressions/evaluate.ts";
import { ExpressionError } from "../../../../lib/pipelines/expressions/expression-error.ts";
import { commonFunctions } from "../../../../lib/pipelines/expressions/functions.ts";
import { parseExpression } from "../../../../lib/pipelines/expressions/parse.ts";
import { propertyOf, type ObjectValue, type Value } from "../../../../lib/pipelines/expressions/value.ts";

const names: ObjectValue = {
  variables: { name: "iris", empty: "", one: "1", flag: "true", "Build.SourceBranchName": "main" },
  parameters: {
    flag: true,
    off: false,
    count: 2,
    text: "a",
    list: ["a", "b", 3],
    object: { left: 1, right: "two", nested: { deep: [{ id: "x" }, { id: "y" }, { other: 1 }] } },
    people: [{ name: "Ada" }, { name: "Grace" }],
    nothing: [],
  },
};

const lookUp = (name: string): Value | undefined => propertyOf(names, name);

function valueOf(text: string): unknown {
  const tree = parseExpression(text, { functions: commonFunctions });
  if (tree === null) return undefined;
  return toPlain(evaluate(tree, { functions: commonFunctions, lookUp, strict: new Set(["parameters"]) }));
}

function errorOf(text: string): string {
  try {
    valueOf(text);
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.offset}: ${error.message}`;
    throw error;
  }
  return "no error";
}

describe("an expression is worth", () => {
  test.each<readonly [text: string, value: unknown]>([
    // literals
    ["true", true],
    ["FALSE", false],
    ["1", 1],
    ["-1.5", -1.5],
    [".5", 0.5],
    ["1.2.3", "1.2.3"],
    ["'it''s'", "it's"],
    ["''", ""],
    ["  'blank'  ", "blank"],
    // reading names
    ["variables.name", "iris"],
    ["VARIABLES.NAME", "iris"],
    ["variables['name']", "iris"],
    ["variables['Build.SourceBranchName']", "main"],
    ["variables[ 'no' ]", null],
    ["variables.no", null],
    ["variables.no.deeper", null],
    ["parameters.list[0]", "a"],
    ["parameters.list['2']", 3],
    ["parameters.list[7]", null],
    ["parameters.object.nested.deep[1].id", "y"],
    ["parameters.object.nested.deep.*.id", ["x", "y"]],
    ["parameters.object.nested.deep[*].id", ["x", "y"]],
    ["parameters.people.*.name", ["Ada", "Grace"]],
    ["parameters.*.deep", []],
    ["parameters[format('{0}', 'text')]", "a"],
    // logic
    ["and(true, 'x', 1)", true],
    ["and(true, '', 1)", false],
    ["and(false, gt('a', parameters.list))", false],
    ["or(false, '', 0)", false],
    ["or(true, gt('a', parameters.list))", true],
    ["not('')", true],
    ["NOT(parameters.off)", true],
    ["xor(true, 'x')", false],
    ["xor(true, '')", true],
    ["not(parameters.nothing)", false],
    // eq: the right side takes the kind of the left one
    ["eq('IRIS', variables.name)", true],
    ["eq(1, '1')", true],
    ["eq(1, ' 1 ')", true],
    ["eq('1', 1)", true],
    ["eq('1.0', 1)", false],
    ["eq(1, 'one')", false],
    ["eq(true, 'false')", true],
    ["eq('true', true)", true],
    ["eq('True', true)", true],
    ["eq(true, '')", false],
    ["eq(false, '')", true],
    ["eq(0, '')", true],
    ["eq(variables.no, '')", true],
    ["eq('', variables.no)", true],
    ["eq(variables.flag, true)", true],
    ["eq(parameters.flag, 'false')", true],
    ["eq(1.2.3, '1.2.3')", true],
    ["eq('1.2.3', 1.2.3)", true],
    ["eq(1.2.3, 'x')", false],
    ["eq(parameters.list, parameters.list)", true],
    ["eq('a', parameters.list)", false],
    ["ne('a', 'A')", false],
    ["ne(1, 'one')", true],
    // order
    ["gt(2, '1')", true],
    ["gt('b', 'A')", true],
    ["lt('10', '9')", true],
    ["lt(10, '9')", false],
    ["ge(1, 1)", true],
    ["le(true, false)", false],
    ["gt(1.10.0, '1.9.9')", true],
    ["lt(1.2.0, 1.10.0)", true],
    ["gt(variables.no, -1)", true],
    // lists of values
    ["in('B', 'a', 'b')", true],
    ["in(variables.name, 'a', 'b')", false],
    ["notIn('c', 'a', 'b')", true],
    ["notin('a', 'a')", false],
    ["containsValue(parameters.list, 'B')", true],
    ["containsValue(parameters.list, '3')", true],
    ["containsValue(parameters.object, 'TWO')", true],
    ["containsValue(parameters.list, 'z')", false],
    ["containsValue('abc', 'a')", false],
    // texts
    ["contains('ABCDE', 'bcd')", true],
    ["contains(variables.name, 'x')", false],
    ["contains(123, 2)", true],
    ["startsWith('refs/heads/main', 'REFS/')", true],
    ["endsWith('main', 'in')", true],
    ["lower('MAIN')", "main"],
    ["upper('ß')", "SS"],
    ["trim('  a b ')", "a b"],
    ["replace('a-b-c', '-', '_')", "a_b_c"],
    ["replace('a', '', 'x')", "a"],
    ["replace('cost', 'cost', '$&')", "$&"],
    ["length('four')", 4],
    ["length(parameters.list)", 3],
    ["length('')", 0],
    ["substring('pipeline', 0, 4)", "pipe"],
    ["substring('pipe', 2, 99)", "pe"],
    ["split('a/b/c', '/')", ["a", "b", "c"]],
    ["split('a-b/c', '-/')", ["a", "b", "c"]],
    ["split('', '/')", [""]],
    ["split('a/b', '/')[1]", "b"],
    ["join(', ', parameters.list)", "a, b, 3"],
    ["join(';', parameters.nothing)", ""],
    ["join(';', parameters.people)", ";"],
    ["join(';', 'one')", "one"],
    ["format('{0}-{1}', variables.name, 2)", "iris-2"],
    ["format('{1}{0}{1}', 'a', 'b')", "bab"],
    ["format('{{0}} {0}', 'x')", "{0} x"],
    ["format('plain')", "plain"],
    ["format('{0}', true)", "True"],
    ["coalesce('', variables.no, 'last')", "last"],
    ["coalesce(variables.no, false)", false],
    ["coalesce('', '')", null],
    ["iif(parameters.flag, 'yes', 'no')", "yes"],
    ["iif('', 'yes', 'no')", "no"],
    ["convertToJson('a\"b')", '"a\\"b"'],
    ["convertToJson(1.5)", "1.5"],
    ["convertToJson(parameters.people)", '[\n  {\n    "name": "Ada"\n  },\n  {\n    "name": "Grace"\n  }\n]'],
    ["and(eq(variables['one'], 1), or(not(parameters.off), false))", true],
  ])("%s", (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  test("nothing when it is empty", () => {
    expect(valueOf("  ")).toBeUndefined();
  });
});

describe("an expression is refused", () => {
  test.each([
    ["eq(1", "4: A ')' is missing at the end."],
    ["eq(1,", "5: The expression ends where a value is needed."],
    ["eq(1 2)", "5: Unexpected symbol: '2'."],
    ["eq(1,,2)", "5: Unexpected symbol: ','."],
    ["'open", "0: A text is not closed by an apostrophe."],
    ['"quoted"', "0: Unexpected symbol: '\"quoted\"'."],
    ["a == b", "2: Unexpected symbol: '=='."],
    ["!true", "0: Unexpected symbol: '!true'."],
    ["parameters.my-param", "11: Unexpected symbol: 'my-param'."],
    ["1.2.3.4.5", "0: Unexpected symbol: '1.2.3.4.5'."],
    ["1a", "0: Unexpected symbol: '1a'."],
    ["variables.", "10: The expression ends where the name of a property is needed."],
    ["variables.1", "10: Unexpected symbol: '1'."],
    ["true false", "5: Unexpected symbol: 'false'."],
    ["nothing()", "0: Unrecognized value: 'nothing' is no function here."],
    ["nothing", "0: Unrecognized value: 'nothing'."],
    ["eq", "0: The function eq needs parentheses."],
    ["eq(1)", "0: eq takes 2 arguments, not 1."],
    ["not()", "0: not takes 1 argument, not 0."],
    ["and(true)", "0: and takes at least 2 arguments, not 1."],
    ["gt(1, 'one')", "0: A text cannot be compared with a number."],
    ["and(true, gt(1.2.3, 'x'))", "10: A text cannot be compared with a version."],
    ["format('{1}', 1)", "0: Format has no value for {1}."],
    ["format('{x}', 1)", "0: Format has no value for {."],
    ["lower(parameters.object)", "0: An object stands where a text is needed."],
    ["contains('a', parameters.list)", "0: A list stands where a text is needed."],
    ["parameters.missing", "11: There is no parameters.missing."],
    ["parameters['missing']", "11: There is no parameters.missing."],
    [`${"not(".repeat(60)}1${")".repeat(60)}`, "204: The expression is nested too deep."],
  ])("%s", (text, error) => {
    expect(errorOf(text)).toBe(error);
  });

  test("for an unknown function even where its value is not needed, but not for an unknown name", () => {
    expect(errorOf("and(false, nothing())")).toContain("no function");
    expect(errorOf("and(false, nothing)")).toBe("no error");
  });
});
