/** Lets so many pieces of work run at a time; the others wait for their turn. */
export class Limit {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(most: number) {
    this.free = most;
  }

  /** Work that is canceled while it waits begins at once, because it has nothing to do but to end. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const hasTurn = await this.turn(signal);
    try {
      return await work();
    } finally {
      if (hasTurn) this.passOn();
    }
  }

  private async turn(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    if (signal?.aborted === true) return false;
    return await new Promise<boolean>((resolve) => {
      const take = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(take), 1);
        resolve(false);
      };
      this.waiting.push(take);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

/** Something that waits for others by their names. */
export interface GraphNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** Runs every node once all that it waits for have ended; the graph has no circles. Results are in the order of the nodes. */
export async function runGraph<N extends GraphNode, T>(
  nodes: readonly N[],
  run: (node: N) => Promise<T>,
): Promise<readonly T[]> {
  const started = new Map<string, Promise<T>>();
  const start = (node: N): Promise<T> => {
    const key = node.name.toLowerCase();
    const known = started.get(key);
    if (known !== undefined) return known;
    const running = Promise.resolve().then(async () => {
      await Promise.all(nodes.filter(({ name }) => includes(node.dependsOn, name)).map(start));
      return await run(node);
    });
    started.set(key, running);
    return running;
  };
  return await Promise.all(nodes.map(start));
}

/** Everything that a node waits for, directly or through others. */
export function ancestorsOf<N extends GraphNode>(node: N, nodes: readonly N[]): readonly N[] {
  const found = new Set<N>();
  const visit = ({ dependsOn }: N): void => {
    for (const other of nodes) {
      if (!includes(dependsOn, other.name) || found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(node);
  return [...found];
}

function includes(names: readonly string[], name: string): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}
