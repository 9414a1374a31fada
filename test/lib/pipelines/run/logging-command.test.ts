import { describe, expect, test } from "@jest/globals";
import { parseLoggingCommand } from "../../../../lib/pipelines/run/logging-command.ts";

describe("a logging command", () => {
  test.each([
    ["##vso[task.setvariable variable=a]b", "task.setvariable", { variable: "a" }, "b"],
    [
      "text before ##vso[task.setvariable variable=a;issecret=true]b",
      "task.setvariable",
      { variable: "a", issecret: "true" },
      "b",
    ],
    [
      "##vso[Task.SetVariable Variable=a; isOutput=true]",
      "task.setvariable",
      { variable: "a", isoutput: "true" },
      "",
    ],
    ["##vso[task.setvariable variable=a%3Bb%5D;x=y]c", "task.setvariable", { variable: "a;b]", x: "y" }, "c"],
    ["##vso[task.setvariable variable=a]1%0D%0A2", "task.setvariable", { variable: "a" }, "1\r\n2"],
    ["##vso[task.setvariable variable=a]50%AZP25", "task.setvariable", { variable: "a" }, "50%"],
    ["##vso[task.setvariable variable=a]%AZP250A", "task.setvariable", { variable: "a" }, "%0A"],
    ["##vso[task.complete result=Failed;]DONE", "task.complete", { result: "Failed" }, "DONE"],
    ["##vso[build.addbuildtag]nightly", "build.addbuildtag", {}, "nightly"],
    ["##vso[task.setvariable variable=a]b]c", "task.setvariable", { variable: "a" }, "b]c"],
    ["##vso[task.setvariable variable=a]##vso[x.y]", "task.setvariable", { variable: "a" }, "##vso[x.y]"],
  ] as const)("is read of %s", (line, name, properties, message) => {
    const command = parseLoggingCommand(line);

    expect(command?.name).toBe(name);
    expect(Object.fromEntries(command?.properties ?? [])).toEqual(properties);
    expect(command?.message).toBe(message);
  });

  test.each([
    "plain",
    "##[group]name",
    "##vso[task]x",
    "##vso task.setvariable",
    "#vso[task.debug]x",
    "##vso[a.b",
  ])("is not %s", (line) => {
    expect(parseLoggingCommand(line)).toBeUndefined();
  });
});
