import { isDeepStrictEqual } from "node:util";

// Seeded pipelines whose stages look alike, edited on two sides, with the merge that a person would make:
// by the names of stages, jobs and steps instead of by lines.

/** A pseudo-random number generator: the same numbers for the same seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Scalars by name, and named children in order: a pipeline, a stage, a job or a step. */
export interface Block {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
  readonly children: readonly Block[];
}

export interface MergeCase {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** The pipelines that the two sides meant. */
  readonly meant: readonly Block[];
  /** What a person would make of it; undefined where the two sides contradict each other. */
  readonly expected: Block | undefined;
}

const images = ["ubuntu-latest", "windows-latest", "ubuntu-22.04"];
const tasks = ["UsePythonVersion@0", "Bash@3", "PublishTestResults@2"];
const stageNames = ["build", "test", "deploy_tst", "deploy_qa", "deploy_prod", "monitor"];

/** The case with this number; the same on every machine. */
export function mergeCase(seed: number): MergeCase {
  const random = randomFrom(seed);
  const base = aPipeline(random);
  const ours = edited(base, random, "ours");
  const theirs = edited(base, random, "theirs");
  return {
    base: formatPipeline(base),
    ours: formatPipeline(ours),
    theirs: formatPipeline(theirs),
    meant: [ours, theirs],
    expected: mergeBlocks(base, ours, theirs),
  };
}

function aPipeline(random: Random): Block {
  const stages = stageNames.slice(0, 2 + random(stageNames.length - 1));
  return { name: "", values: new Map(), children: stages.map((name) => aStage(name, random)) };
}

function aStage(name: string, random: Random): Block {
  const jobs = ["run", "check"].slice(0, 1 + random(2));
  return {
    name,
    values: new Map([["vmImage", "ubuntu-latest"]]),
    children: jobs.map((job) => aJob(job, random)),
  };
}

function aJob(name: string, random: Random): Block {
  const steps = ["Prepare", "Install", "Run", "Publish"].slice(0, 1 + random(4));
  return {
    name,
    values: new Map([["timeoutInMinutes", "60"]]),
    children: steps.map((step) => aStep(step, random)),
  };
}

function aStep(name: string, random: Random): Block {
  const values = new Map([["task", tasks[random(tasks.length)] ?? ""]]);
  for (const input of ["workingDirectory", "failOnStderr", "versionSpec"].slice(0, random(3)))
    values.set(input, "default");
  return { name, values, children: [] };
}

function edited(pipeline: Block, random: Random, side: string): Block {
  let result = pipeline;
  for (let edit = 1 + random(3); edit > 0; edit -= 1) result = editBelow(result, random, `${side}_${edit}`);
  return result;
}

/** Walks down to a random block and changes it there. */
function editBelow(block: Block, random: Random, tag: string): Block {
  const index = random(block.children.length + (block.name === "" ? 0 : 1));
  const child = block.children[index];
  if (child !== undefined && random(4) > 0) {
    const children = block.children.with(index, editBelow(child, random, tag));
    return { ...block, children };
  }
  return editHere(block, random, tag);
}

function editHere(block: Block, random: Random, tag: string): Block {
  const position = random(block.children.length + 1);
  const kind = block.children.length === 0 ? random(2) : random(5);
  if (kind === 0)
    return { ...block, values: new Map([...block.values, ...changedValue(block, random, tag)]) };
  if (kind === 1) return { ...block, values: new Map([...block.values, [`added_${tag}`, tag]]) };
  if (kind === 2 && block.children.length > 1) {
    return { ...block, children: block.children.filter((_child, index) => index !== position) };
  }
  const alike = block.children[random(block.children.length)];
  if (alike === undefined) return block;
  return { ...block, children: block.children.toSpliced(position, 0, { ...alike, name: `new_${tag}` }) };
}

function changedValue(block: Block, random: Random, tag: string): [string, string][] {
  const key = [...block.values.keys()][random(Math.max(1, block.values.size))];
  if (key === undefined) return [];
  return [[key, key === "vmImage" ? (images[1 + random(2)] ?? "") : `value_${tag}`]];
}

/** The pipeline as a person writes it: all stages in the same shape. */
export function formatPipeline(pipeline: Block): string {
  const stages = pipeline.children.flatMap((stage) => [
    `  - stage: ${stage.name}`,
    ...lines(4, without(stage.values, "vmImage")),
    "    pool:",
    `      vmImage: ${stage.values.get("vmImage")}`,
    "    jobs:",
    ...stage.children.flatMap((job) => formatJob(job)),
  ]);
  return ["trigger: none", ...lines(0, pipeline.values), "stages:", ...stages, ""].join("\n");
}

function formatJob(job: Block): string[] {
  return [
    `      - job: ${job.name}`,
    ...lines(8, job.values),
    "        steps:",
    ...job.children.flatMap((step) => [
      `          - task: ${step.values.get("task")}`,
      `            displayName: ${step.name}`,
      ...(step.values.size > 1 ? ["            inputs:", ...lines(14, without(step.values, "task"))] : []),
    ]),
  ];
}

function without(values: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> {
  return new Map([...values].filter(([name]) => name !== key));
}

function lines(indent: number, values: ReadonlyMap<string, string>): string[] {
  return [...values].map(([key, value]) => `${" ".repeat(indent)}${key}: ${value}`);
}

function mergeBlocks(base: Block, ours: Block, theirs: Block): Block | undefined {
  const values = mergeValues(base.values, ours.values, theirs.values);
  const children = mergeChildren(base.children, ours.children, theirs.children);
  return values && children && { name: ours.name, values, children };
}

function mergeValues(...sides: ReadonlyMap<string, string>[]): ReadonlyMap<string, string> | undefined {
  const merged = new Map<string, string>();
  for (const key of new Set(sides.flatMap((side) => [...side.keys()]))) {
    const [base, ours, theirs] = sides.map((side) => side.get(key));
    if (ours !== base && theirs !== base && ours !== theirs) return undefined;
    const value = ours === base ? theirs : ours;
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

function mergeChildren(...sides: (readonly Block[])[]): readonly Block[] | undefined {
  const merged: Block[] = [];
  for (const name of new Set(sides.flatMap((side) => side.map((block) => block.name)))) {
    const [base, ours, theirs] = sides.map((side) => side.find((block) => block.name === name));
    const block = mergeChild(base, ours, theirs);
    if (block === "contradiction") return undefined;
    if (block !== undefined) merged.push(block);
  }
  return merged;
}

function mergeChild(
  base: Block | undefined,
  ours: Block | undefined,
  theirs: Block | undefined,
): Block | undefined | "contradiction" {
  if (base === undefined) return ours ?? theirs;
  if (ours === undefined || theirs === undefined) {
    const left = ours ?? theirs;
    return left === undefined || isDeepStrictEqual(left, base) ? undefined : "contradiction";
  }
  return mergeBlocks(base, ours, theirs) ?? "contradiction";
}
