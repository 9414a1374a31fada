import type { RunEvent, RunPlace } from "../../pipelines/run/run-types.ts";
import type { Output } from "../../report/output.ts";
import { formatStage } from "./format-tree.ts";
import { RunTree } from "./run-tree.ts";

/** Shows a run while it goes on. */
export interface RunView {
  readonly take: (event: RunEvent) => void;
  /** Leaves the screen alone until the next event, for a question. */
  readonly pause: () => void;
  readonly end: () => void;
}

/** A tree that is kept up to date: finished stages stay, and those that run are drawn again with each change. */
export function liveView(
  output: Output,
  size: () => { readonly width: number; readonly height: number },
): RunView {
  const tree = new RunTree();
  let done = 0;
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? "" : `\u001B[${drawn}A\u001B[0J`);
  const draw = (): void => {
    const { width, height } = size();
    const format = { useColour: output.useColour, now: Date.now(), width };
    const { stages } = tree;
    const finished = stages.findIndex(({ result }) => result === undefined);
    const until = finished < 0 ? stages.length : finished;
    const lines = stages.slice(done, until).flatMap((stage) => formatStage(stage, format));
    // What is above the screen cannot be drawn again.
    const live = stages
      .slice(until)
      .flatMap((stage) => formatStage(stage, format))
      .slice(-(height - 1));
    output.write(erase() + [...lines, ...live].map((text) => `${text}\n`).join(""));
    done = until;
    drawn = live.length;
  };
  // Without it, a step of minutes would look as if nothing went on.
  const clock = setInterval(() => {
    if (drawn > 0) draw();
  }, 1000);
  return {
    take: (event) => {
      tree.take(event, Date.now());
      if (event.type === "started" || event.type === "finished") draw();
    },
    pause: () => {
      drawn = 0;
    },
    end: () => clearInterval(clock),
  };
}

/** One line for everything, for logs and for programs that read along. */
export function plainView(output: Output): RunView {
  const titles = new Map<string, string>();
  const write = (at: RunPlace, text: string): void =>
    output.write(`${prefix(at)}${text.replaceAll("\n", `\n${prefix(at)}`)}\n`);
  return {
    pause: () => undefined,
    end: () => undefined,
    take: (event) => {
      if (event.type === "started") titles.set(keyOf(event.at), event.title);
      const line = lineOf(event, titles);
      if (line !== undefined && "at" in event) write(event.at, line);
      else if (line !== undefined) output.write(`${line}\n`);
    },
  };
}

function keyOf({ stage, job, step }: RunPlace): string {
  return [stage, job, step].join("/");
}

function prefix({ stage, job }: RunPlace): string {
  if (stage === undefined) return "";
  return job === undefined ? `[${stage}] ` : `[${stage}/${job}] `;
}

function lineOf(event: RunEvent, titles: ReadonlyMap<string, string>): string | undefined {
  switch (event.type) {
    case "started":
      return `start: ${event.title}`;
    case "finished":
      return finishedLine(event, titles);
    case "line":
      return event.text;
    case "issue":
      return `${event.kind}: ${event.message}`;
    case "tests":
      return `tests: ${event.title}: ${event.passed} passed, ${event.failed} failed, ${event.skipped} skipped`;
    case "not emulated":
      return `not emulated: ${event.what}`;
    case "artifact":
      return `artifact: ${event.name}`;
    case "approval":
      return approvalLine(event);
  }
}

function finishedLine(
  { at, result, why }: Extract<RunEvent, { readonly type: "finished" }>,
  titles: ReadonlyMap<string, string>,
): string | undefined {
  if (at.stage === undefined) return undefined;
  const title = titles.get(keyOf(at)) ?? at.job ?? at.stage;
  return `${result}: ${title}${why === undefined ? "" : `: ${why}`}`;
}

function approvalLine({ request, outcome }: Extract<RunEvent, { readonly type: "approval" }>): string {
  return `approval of ${request.environment} for the stage ${request.stage}: ${outcome ?? "waiting"}`;
}
