import { describe, expect, test } from "@jest/globals";
import { countTests } from "../../../../../lib/pipelines/run/steps/junit.ts";

describe("JUnit results", () => {
  test.each([
    ["<testsuites/>", { passed: 0, failed: 0, skipped: 0 }],
    [`<testsuite><testcase name="a"/></testsuite>`, { passed: 1, failed: 0, skipped: 0 }],
    [
      `<testsuite><testcase name="a > b"/><testcase name="c"></testcase></testsuite>`,
      { passed: 2, failed: 0, skipped: 0 },
    ],
    [
      `<?xml version="1.0"?><testsuites><testsuite><testcase name='a'><failure message="x">t</failure></testcase></testsuite></testsuites>`,
      { passed: 0, failed: 1, skipped: 0 },
    ],
    [
      `<testsuite><testcase name="a"><error/></testcase><testcase name="b"><skipped/></testcase></testsuite>`,
      { passed: 0, failed: 1, skipped: 1 },
    ],
    [
      `<testsuite><testcase name="a"><system-out><![CDATA[<failure/></testcase><testcase>]]></system-out></testcase></testsuite>`,
      { passed: 1, failed: 0, skipped: 0 },
    ],
    [
      `<testsuite><!-- <testcase/> --><testcase name="a"/></testsuite>\n`,
      { passed: 1, failed: 0, skipped: 0 },
    ],
    [
      `<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>`,
      { passed: 1, failed: 1, skipped: 0 },
    ],
  ])("%s are counted", (text, counts) => {
    expect(countTests(text)).toEqual(counts);
  });

  test.each(["", "text", "<html></html>", `<testsuite><testcase name="a">`])("are not %j", (text) => {
    expect(countTests(text)).toBeUndefined();
  });
});
