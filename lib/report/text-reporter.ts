import { paint, type Colour } from "./colour.ts";
import type { Output } from "./output.ts";
import type { Reporter, ReportEvent, StepAction } from "./reporter.ts";

const symbols: Readonly<Record<StepAction, { readonly symbol: string; readonly colour: Colour }>> = {
  create: { symbol: "+", colour: "green" },
  update: { symbol: "~", colour: "yellow" },
  replace: { symbol: "-/+", colour: "yellow" },
  delete: { symbol: "-", colour: "red" },
  keep: { symbol: "=", colour: "dim" },
  run: { symbol: ">", colour: "cyan" },
};

const eraseLine = "\r\u001B[2K";

/** Shows events as lines of text: one per finished step, and in a terminal the running step as well. */
export function textReporter(output: Output): Reporter {
  const running = new Map<string, string>();
  return {
    report(event) {
      const before = running.size > 0 && output.isTerminal ? eraseLine : "";
      track(running, event);
      const line = formatEvent(event, output.useColour);
      const after = output.isTerminal ? runningLine(running, output.useColour) : "";
      output.write(before + (line === undefined ? "" : `${line}\n`) + after);
    },
  };
}

/** Discards events: the reporter behind `--json`, where the result value says everything. */
export const silentReporter: Reporter = { report: () => undefined };

/** The prefix that stands for an action in plans and progress lines. */
export function actionSymbol(action: StepAction, useColour: boolean): string {
  const { symbol, colour } = symbols[action];
  return paint(symbol, colour, useColour);
}

function track(running: Map<string, string>, event: ReportEvent): void {
  if (event.type === "step-started") running.set(event.key, event.title);
  if (event.type === "step-finished" || event.type === "step-failed") running.delete(event.key);
}

function runningLine(running: ReadonlyMap<string, string>, useColour: boolean): string {
  const [first] = running.values();
  if (first === undefined) return "";
  const others = running.size > 1 ? ` (and ${running.size - 1} more)` : "";
  return paint(`… ${first}${others}`, "dim", useColour);
}

function formatEvent(event: ReportEvent, useColour: boolean): string | undefined {
  switch (event.type) {
    case "step-started":
      return undefined;
    case "step-finished":
    case "step-failed":
      return formatStep(event, useColour);
    case "section":
      return `\n${paint(event.title, "bold", useColour)}`;
    case "line":
      return event.text;
    case "warning":
      return [paint("!", "yellow", useColour), event.text, ...present(event.hint)].join(" ");
    case "link":
      return `  ${event.title}  ${paint(event.url, "cyan", useColour)}`;
    case "next-step":
      return [
        `  ${event.text}`,
        ...present(event.command).map((it) => `    ${paint(it, "cyan", useColour)}`),
      ].join("\n");
  }
}

type EndedStep = Extract<ReportEvent, { readonly type: "step-finished" | "step-failed" }>;

function formatStep(step: EndedStep, useColour: boolean): string {
  if (step.type === "step-failed") return `  ${paint("x", "red", useColour)} ${step.title}: ${step.reason}`;
  const detail = present(step.detail).map((text) => `  ${paint(text, "dim", useColour)}`);
  return `  ${actionSymbol(step.action, useColour)} ${step.title}${detail.join("")}${duration(step.ms, useColour)}`;
}

function present(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

/** Durations below a second carry no news. */
function duration(ms: number, useColour: boolean): string {
  return ms < 1000 ? "" : paint(`  ${(ms / 1000).toFixed(1)} s`, "dim", useColour);
}
