import { stripVTControlCharacters } from "node:util";
import type { RunResult } from "../../pipelines/run/run-types.ts";
import { paint, type Colour } from "../../report/colour.ts";
import type { TreeNode } from "./run-tree.ts";

const symbols: Readonly<Record<RunResult, { readonly symbol: string; readonly colour: Colour }>> = {
  succeeded: { symbol: "✓", colour: "green" },
  succeededWithIssues: { symbol: "!", colour: "yellow" },
  failed: { symbol: "✗", colour: "red" },
  canceled: { symbol: "■", colour: "yellow" },
  skipped: { symbol: "-", colour: "dim" },
};

export interface TreeFormat {
  readonly useColour: boolean;
  readonly now: number;
  /** Longer lines are cut, so that one line stays one line of the terminal. */
  readonly width: number;
}

/** A stage with its jobs; of a job that runs, the step where it is, and of one that failed, the step and its last words. */
export function formatStage(stage: TreeNode, format: TreeFormat): readonly string[] {
  const head = line(stage, 0, format);
  if (stage.result === "skipped") return [head];
  return [head, ...stage.children.flatMap((job) => formatJob(job, format))];
}

function formatJob(job: TreeNode, format: TreeFormat): readonly string[] {
  const current = job.children.findLast(({ result }) => result === undefined);
  const shown = job.children.filter(
    (step) => step === current || step.result === "failed" || step.result === "succeededWithIssues",
  );
  return [line(job, 1, format), ...shown.flatMap((step) => formatStep(step, format))];
}

function formatStep(step: TreeNode, format: TreeFormat): readonly string[] {
  if (step.result !== "failed") return [line(step, 2, format)];
  const words = step.lastLines.map((text) => cut(`        | ${text}`, format.width));
  return [line(step, 2, format), ...words.map((text) => paint(text, "dim", format.useColour))];
}

function line(node: TreeNode, depth: number, { useColour, now, width }: TreeFormat): string {
  const { symbol, colour } = node.result === undefined ? running : symbols[node.result];
  const seconds = Math.round(((node.endedAt ?? now) - node.startedAt) / 1000);
  const why = node.why === undefined ? "" : `: ${node.why}`;
  const time = seconds < 1 || node.result === "skipped" ? "" : `  ${duration(seconds)}`;
  const text = cut(`${node.title}${why}`, width - depth * 2 - 4 - time.length);
  return `${"  ".repeat(depth + 1)}${paint(symbol, colour, useColour)} ${text}${paint(time, "dim", useColour)}`;
}

const running = { symbol: "…", colour: "cyan" } as const;

/** Such as `8 s` and `3 min 20 s`. */
export function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function cut(text: string, width: number): string {
  // Output of programs may hold what moves the cursor.
  const plain = stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, " ");
  return plain.length <= width ? plain : `${plain.slice(0, Math.max(0, width - 1))}…`;
}
