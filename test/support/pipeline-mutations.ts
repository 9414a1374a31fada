import type { Value } from "../../lib/pipelines/expressions/value.ts";
import type { Files } from "./expand-files.ts";

/** One mistake that somebody may make in a generated pipeline. */
export interface Mutation {
  readonly title: string;
  /** The pipeline that is checked, such as `ci`. */
  readonly pipeline: string;
  /** The template with the mistake; without it the mistake is in the pipeline itself. */
  readonly template?: string;
  /** A text of that file and what stands in its place. */
  readonly from: string;
  readonly to: string;
  /** A text of the line that is reported, with the template it is in where that is another one; without it the first changed line. */
  readonly reported?: string;
  readonly reportedIn?: string;
  readonly parameters?: Readonly<Record<string, Value>>;
}

/** Where a mutation is made, its files after it, and the place that must be reported. */
export interface Mutated {
  readonly pipeline: string;
  readonly files: Files;
  readonly place: string;
}

/** Makes the mistake; a text that is not there any more is an error that says so. */
export function mutate(files: Files, mutation: Mutation): Mutated {
  const pipeline = `pipelines/${mutation.pipeline}_pipeline.yml`;
  const path = mutation.template === undefined ? pipeline : pathOf(mutation.template);
  const before = files[path];
  if (before?.includes(mutation.from) !== true) {
    throw new Error(
      `'${mutation.title}' finds no ${JSON.stringify(mutation.from)} in ${path}; choose another text.`,
    );
  }
  const after = before.replace(mutation.from, () => mutation.to);
  const mutated = { ...files, [path]: after };
  const place = mutation.reportedIn === undefined ? path : pathOf(mutation.reportedIn);
  const line =
    mutation.reported === undefined
      ? firstChange(before, after)
      : lineOf(mutated[place] ?? "", mutation.reported);
  if (line === 0)
    throw new Error(`'${mutation.title}' finds no ${mutation.reported ?? "change"} in ${place}.`);
  return { pipeline, files: mutated, place: `${place}:${line}` };
}

function pathOf(template: string): string {
  return `pipelines/templates/template_${template}.yml`;
}

function firstChange(before: string, after: string): number {
  const old = before.split("\n");
  return after.split("\n").findIndex((line, index) => line !== old[index]) + 1;
}

function lineOf(text: string, wanted: string): number {
  return text.split("\n").findIndex((line) => line.includes(wanted)) + 1;
}
