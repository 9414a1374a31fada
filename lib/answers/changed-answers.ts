import type { AnswersInput } from "./answers-input.ts";
import { formatPath, isMapping } from "./answers-input.ts";

/** One answer that differs; `undefined` where one side has none. */
export interface ChangedAnswer {
  /** Such as `registry.lifecycle` or `environments[1].name`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The single answers that differ between two sets, in the order of the new ones; those that went come last. */
export function changedAnswers(before: AnswersInput, after: AnswersInput): readonly ChangedAnswer[] {
  const old = new Map(leaves(before, []));
  const now = new Map(leaves(after, []));
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((answer) => JSON.stringify(answer.before) !== JSON.stringify(answer.after));
}

/** Every value that holds no other; an empty list or mapping is one. */
function leaves(value: unknown, path: readonly (string | number)[]): readonly (readonly [string, unknown])[] {
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index): readonly [string | number, unknown] => [index, item])
    : Object.entries(isMapping(value) ? value : {});
  if (entries.length === 0) return [[formatPath(path), value]];
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
