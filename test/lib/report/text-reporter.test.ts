import { describe, expect, test } from "@jest/globals";
import type { ReportEvent } from "../../../lib/report/reporter.ts";
import { actionSymbol, silentReporter, textReporter } from "../../../lib/report/text-reporter.ts";
import { collectingOutput } from "../../support/collecting-output.ts";

const escape = "\u001B";

function show(
  events: readonly ReportEvent[],
  options: { isTerminal?: boolean; useColour?: boolean } = {},
): string {
  const output = collectingOutput(options);
  const reporter = textReporter(output);
  for (const event of events) reporter.report(event);
  return output.text();
}

describe("textReporter", () => {
  test("shows one plain line for a finished step", () => {
    const text = show([
      { type: "step-started", key: "a", action: "create", title: "repository iris" },
      {
        type: "step-finished",
        key: "a",
        action: "create",
        title: "repository iris",
        ms: 12,
        detail: "http://x/iris",
      },
    ]);

    expect(text).toBe("  + repository iris  http://x/iris\n");
  });

  test("shows the duration of a step only from a second on", () => {
    const text = show([{ type: "step-finished", key: "a", action: "run", title: "push", ms: 2340 }]);

    expect(text).toBe("  > push  2.3 s\n");
  });

  test("names the reason of a failed step", () => {
    const text = show([
      { type: "step-failed", key: "a", action: "create", title: "team data", ms: 1, reason: "409 exists" },
    ]);

    expect(text).toBe("  x team data: 409 exists\n");
  });

  test("writes no escape sequence without a terminal, whatever the events", () => {
    const text = show([
      { type: "section", title: "Plan" },
      { type: "warning", text: "no platform team", hint: "Set platform_team." },
      { type: "link", title: "repository", url: "http://x" },
      { type: "next-step", text: "Clone it:", command: "git clone http://x" },
      { type: "line", text: "done" },
    ]);

    expect(text).not.toContain(escape);
    expect(text).toContain("! no platform team Set platform_team.\n");
    expect(text).toContain("  Clone it:\n    git clone http://x\n");
  });

  test("replaces the running line in a terminal by the finished one", () => {
    const text = show(
      [
        { type: "step-started", key: "a", action: "create", title: "one" },
        { type: "step-started", key: "b", action: "create", title: "two" },
        { type: "step-finished", key: "a", action: "create", title: "one", ms: 1 },
        { type: "step-finished", key: "b", action: "create", title: "two", ms: 1 },
      ],
      { isTerminal: true },
    );

    expect(text).toContain("… one (and 1 more)");
    expect(text.endsWith(`\r${escape}[2K  + two\n`)).toBe(true);
  });

  test("leaves no colour behind when colour is off in a terminal", () => {
    const text = show([{ type: "section", title: "Plan" }], { isTerminal: true, useColour: false });

    expect(text).toBe("\nPlan\n");
  });
});

test("the silent reporter writes nothing and accepts everything", () => {
  expect(silentReporter.report({ type: "line", text: "x" })).toBeUndefined();
});

test("every action has its own symbol", () => {
  const symbols = (["create", "update", "replace", "delete", "keep", "run"] as const).map((action) =>
    actionSymbol(action, false),
  );

  expect(new Set(symbols).size).toBe(6);
});
