import type { RunEvent, RunPlace, RunResult } from "../../pipelines/run/run-types.ts";

/** A stage, job or step as far as it has come. */
export interface TreeNode {
  readonly title: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly result: RunResult | undefined;
  readonly why: string | undefined;
  readonly children: readonly TreeNode[];
  /** The last lines of a step's output. */
  readonly lastLines: readonly string[];
}

interface Growing {
  title: string;
  startedAt: number;
  endedAt: number | undefined;
  result: RunResult | undefined;
  why: string | undefined;
  children: Map<string, Growing>;
  lastLines: string[];
}

const mostLines = 30;

/** Builds the tree of a run from what it tells, for whoever shows it. */
export class RunTree {
  private readonly root = grow("", 0);

  take(event: RunEvent, now: number): void {
    if (event.type === "started") {
      const node = this.at(event.at, now);
      node.title = event.title;
      node.startedAt = now;
    } else if (event.type === "finished") {
      const { result, why } = event;
      const node = this.at(event.at, now);
      Object.assign(node, { result, why, endedAt: now, title: event.title ?? node.title });
    } else if (event.type === "line" || event.type === "issue") {
      const { lastLines } = this.at(event.at, now);
      lastLines.push(event.type === "line" ? event.text : `${event.kind}: ${event.message}`);
      if (lastLines.length > mostLines) lastLines.shift();
    }
  }

  get stages(): readonly TreeNode[] {
    return [...this.root.children.values()].map(freeze);
  }

  private at({ stage, job, step }: RunPlace, now: number): Growing {
    const path = [stage, job, step === undefined ? undefined : String(step)];
    return path.reduce((node, name) => (name === undefined ? node : child(node, name, now)), this.root);
  }
}

function child(node: Growing, name: string, now: number): Growing {
  const found = node.children.get(name) ?? grow(name, now);
  node.children.set(name, found);
  return found;
}

function grow(title: string, startedAt: number): Growing {
  const nothing = { endedAt: undefined, result: undefined, why: undefined };
  return { title, startedAt, ...nothing, children: new Map(), lastLines: [] };
}

function freeze({ children, ...node }: Growing): TreeNode {
  return { ...node, children: [...children.values()].map(freeze) };
}
