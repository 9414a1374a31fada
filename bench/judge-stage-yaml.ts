import type { Block, MergeCase } from "./stage-yaml.ts";

/** Whether a text is the expected pipeline, with the blocks of each side in that side's order. */
export function isRight(text: string, { meant, expected }: MergeCase): boolean {
  const merged = parsePipeline(text);
  return (
    expected !== undefined &&
    merged !== undefined &&
    JSON.stringify(asData(merged)) === JSON.stringify(asData(expected)) &&
    meant.every((side) => keepsOrder(merged, side))
  );
}

/** The names of the children that the other block has too, in their order here. */
function sharedNames(block: Block, other: Block): string {
  const names = block.children.map(({ name }) => name);
  return names.filter((name) => other.children.some((child) => child.name === name)).join();
}

function keepsOrder(merged: Block, side: Block | undefined): boolean {
  if (side === undefined) return true;
  return (
    sharedNames(merged, side) === sharedNames(side, merged) &&
    merged.children.every((child) =>
      keepsOrder(
        child,
        side.children.find(({ name }) => name === child.name),
      ),
    )
  );
}

const line = /^( *(?:- )?)([^ ][^:]*):(?: (.*))?$/;
/** In which column each kind of block begins: the pipeline, a stage, a job, a step. */
const columns = [0, 4, 8, 12];
/** Under which key of it the values further in stand. */
const headingOf = ["", "pool", "", "inputs"];

interface OpenBlock {
  readonly values: Map<string, string>;
  readonly children: OpenBlock[];
}

/** Reads what `formatPipeline` writes, much faster than a parser of YAML; undefined for a text that says something twice. */
function parsePipeline(text: string): Block | undefined {
  const open: OpenBlock[] = [{ values: new Map(), children: [] }];
  const isRead = text
    .split("\n")
    .slice(0, -1)
    .every((written) => readLine(open, written));
  return isRead && open[0] !== undefined ? asBlock(open[0]) : undefined;
}

/** Whether the line says something new in its block; a value that is further in needs its heading before it. */
function readLine(open: OpenBlock[], written: string): boolean {
  const [, before = "", key = "", value = ""] = line.exec(written) ?? [];
  const depth = columns.findLastIndex((start) => start <= before.length);
  if (before.endsWith("- ")) openBlock(open, depth);
  open.splice(depth + 1);
  const block = open[depth];
  return (
    block !== undefined && addValue(block, [key, value], columns[depth] === before.length || headingOf[depth])
  );
}

/** A value that is further in than the others needs its heading. */
function addValue(
  { values }: OpenBlock,
  [key, value]: [string, string],
  heading: true | string | undefined = "",
): boolean {
  if (values.has(key)) return false;
  values.set(key, value);
  return heading === true || values.has(heading);
}

function openBlock(open: OpenBlock[], depth: number): void {
  const block = { values: new Map<string, string>(), children: [] };
  open.splice(depth);
  open.at(-1)?.children.push(block);
  open.push(block);
}

const names = ["stage", "job", "displayName"];
const headings = ["trigger", "stages", "pool", "jobs", "steps", "inputs"];

function asBlock({ values, children }: OpenBlock): Block {
  return {
    name: names.map((key) => values.get(key)).find((name) => name !== undefined) ?? "",
    values: new Map([...values].filter(([key]) => !names.includes(key) && !headings.includes(key))),
    children: children.map((child) => asBlock(child)),
  };
}

/** A block as plain data, its names sorted: two are the same pipeline when their data is equal, the order of blocks apart. */
export function asData(block: Block): unknown {
  return {
    name: block.name,
    values: [...block.values].toSorted(byName),
    children: block.children.map((child) => asData(child)).toSorted(byText),
  };
}

function byName([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
