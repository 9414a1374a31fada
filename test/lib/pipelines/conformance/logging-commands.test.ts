import { describe, expect, test } from "@jest/globals";
import { parseLoggingCommand } from "../../../../lib/pipelines/run/logging-command.ts";

describe("a logging command", () => {
  test.each<readonly [line: string, command: unknown]>([
    [
      "##vso[task.setvariable variable=a]b",
      { name: "task.setvariable", properties: { variable: "a" }, message: "b" },
    ],
    [
      "text before ##vso[task.complete result=Failed;]done",
      { name: "task.complete", properties: { result: "Failed" }, message: "done" },
    ],
    [
      "##vso[Task.SetVariable Variable=a;IsOutput=true]",
      { name: "task.setvariable", properties: { variable: "a", isoutput: "true" }, message: "" },
    ],
    [
      "##vso[task.logissue type=error;sourcepath=a b.py;linenumber=3]bad",
      {
        name: "task.logissue",
        properties: { type: "error", sourcepath: "a b.py", linenumber: "3" },
        message: "bad",
      },
    ],
    [
      "##vso[task.setvariable variable=a%3Bb%5D]c",
      { name: "task.setvariable", properties: { variable: "a;b]" }, message: "c" },
    ],
    [
      "##vso[task.setvariable variable=a]one%0D%0Atwo",
      { name: "task.setvariable", properties: { variable: "a" }, message: "one\r\ntwo" },
    ],
    [
      "##vso[task.setvariable variable=a]100%AZP25",
      { name: "task.setvariable", properties: { variable: "a" }, message: "100%" },
    ],
    [
      "##vso[task.setvariable variable=a]%AZP250A",
      { name: "task.setvariable", properties: { variable: "a" }, message: "%0A" },
    ],
    [
      "##vso[task.setvariable variable=a]%5Bb%5D%3B%0Ac%AZP253B",
      { name: "task.setvariable", properties: { variable: "a" }, message: "%5Bb];\nc%3B" },
    ],
    ["##vso[area.event k1=;k2=;k3=a=b;]", { name: "area.event", properties: { k3: "a=b" }, message: "" }],
    ["##vso[build.addbuildtag]good", { name: "build.addbuildtag", properties: {}, message: "good" }],
    [
      "##vso[task.setvariable variable=a;]x]y",
      { name: "task.setvariable", properties: { variable: "a" }, message: "x]y" },
    ],
  ])("%s is read", (line, command) => {
    const found = parseLoggingCommand(line);

    expect(found && { ...found, properties: Object.fromEntries(found.properties) }).toEqual(command);
  });

  test.each(["##[group]a", "vso[task.debug]a", "##vso[task.debug", "##vso[debug]a", "plain"])(
    "%s is none",
    (line) => {
      expect(parseLoggingCommand(line)).toBeUndefined();
    },
  );
});
