import type { RunEvent, RunPlace } from "../../pipelines/run/run-types.ts";
import type { Output } from "../../report/output.ts";
import { formatStage } from "./format-tree.ts";
import { RunTree } from "./run-tree.ts";

/** Shows a run while it goes on. */
export interface RunView {
  readonly take: (event: RunEvent) => void;
  /** Leaves the screen alone, for a question, until it is resumed. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Tells what is no part of the run. */
  readonly say: (text: string) => void;
  readonly end: () => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A tree that is kept up to date: finished stages stay, and those that run are drawn again with each change. */
export class LiveView implements RunView {
  private readonly output: Output;
  private readonly size: () => Size;
  private readonly tree = new RunTree();
  /** Stages that are not drawn again. */
  private done = 0;
  /** Lines that are. */
  private drawn = 0;
  /** Several stages may wait for an answer at once. */
  private pauses = 0;
  /** Without it, a step of minutes would look as if nothing went on. */
  private readonly clock = setInterval(() => {
    if (this.drawn > 0) this.draw();
  }, 1000);

  constructor(output: Output, size: () => Size) {
    this.output = output;
    this.size = size;
  }

  take(event: RunEvent): void {
    this.tree.take(event, Date.now());
    if (event.type === "started" || event.type === "finished") this.draw();
  }

  pause(): void {
    this.pauses += 1;
    this.drawn = 0;
  }

  resume(): void {
    this.pauses -= 1;
    this.draw();
  }

  say(text: string): void {
    this.output.write(`${text}\n`);
    this.drawn = 0;
  }

  end(): void {
    clearInterval(this.clock);
  }

  private draw(): void {
    if (this.pauses > 0) return;
    const { width, height } = this.size();
    const format = { useColour: this.output.useColour, now: Date.now(), width };
    const { stages } = this.tree;
    const finished = stages.findIndex(({ result }) => result === undefined);
    const until = finished < 0 ? stages.length : finished;
    const lines = stages.slice(this.done, until).flatMap((stage) => formatStage(stage, format));
    // What is above the screen cannot be drawn again.
    const live = stages
      .slice(until)
      .flatMap((stage) => formatStage(stage, format))
      .slice(-(height - 1));
    const erase = this.drawn === 0 ? "" : `\u001B[${this.drawn}A\u001B[0J`;
    this.output.write(erase + [...lines, ...live].map((text) => `${text}\n`).join(""));
    this.done = until;
    this.drawn = live.length;
  }
}

/** One line for everything, for logs and for programs that read along. */
export function plainView(output: Output): RunView {
  const titles = new Map<string, string>();
  const write = (at: RunPlace, text: string): void =>
    output.write(`${prefix(at)}${text.replaceAll("\n", `\n${prefix(at)}`)}\n`);
  return {
    pause: () => undefined,
    resume: () => undefined,
    end: () => undefined,
    say: (text) => output.write(`${text}\n`),
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
  { at, result, why, title: told }: Extract<RunEvent, { readonly type: "finished" }>,
  titles: ReadonlyMap<string, string>,
): string | undefined {
  if (at.stage === undefined) return undefined;
  const title = titles.get(keyOf(at)) ?? told ?? at.job ?? at.stage;
  return `${result}: ${title}${why === undefined ? "" : `: ${why}`}`;
}

function approvalLine({ request, outcome }: Extract<RunEvent, { readonly type: "approval" }>): string {
  return `approval of ${request.environment} for the stage ${request.stage}: ${outcome ?? "waiting"}`;
}
