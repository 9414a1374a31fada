import { expect, test } from "@jest/globals";
import { parseLenientJson } from "../../../../lib/local/devops/lenient-json.ts";

test.each([
  [`{"A": "b", "n": 1, "it's": "so"}`, { A: "b", n: 1, "it's": "so" }],
  [`{'A': 'b', 'empty': ''}`, { A: "b", empty: "" }],
  [`{'q': "it's", 'both': 'a\\'b"c'}`, { q: "it's", both: `a'b"c` }],
  [`{'back': 'a\\\\b', 'code': '\\\\x41', 'end': '\\\\'}`, { back: "a\\b", code: "\\x41", end: "\\" }],
  [`{'line': 'x\\ny', 'bell': '\\x07', 'u': 'ä\\u20ac'}`, { line: "x\ny", bell: "\u0007", u: "ä€" }],
])("reads %s", (text, value) => {
  expect(parseLenientJson(text)).toEqual(value);
});

test.each(["{A: 'b'}", "{'A': 'b'", "'A", "nothing"])("refuses %s", (text) => {
  expect(() => parseLenientJson(text)).toThrow(SyntaxError);
});
