import { isMapping, type AnswersInput } from "./answers-input.ts";
import { schemaAt } from "./answers-schema.ts";
import type { SetOption } from "./parse-set-options.ts";

/** Lays answers over each other, the last the strongest: mappings are merged, lists and values replaced. */
export function mergeAnswers(layers: readonly AnswersInput[]): AnswersInput {
  return layers.reduce<AnswersInput>(mergeTwo, {});
}

/** Puts single values into answers, in order; a list that an index points into, given or default, is kept but for that entry. */
export function setAnswers(answers: AnswersInput, options: readonly SetOption[]): AnswersInput {
  return options.reduce<AnswersInput>((result, { path, value }) => {
    const changed = setAt(result, { path, done: 0 }, value);
    return isMapping(changed) ? changed : result;
  }, answers);
}

function mergeTwo(below: AnswersInput, above: AnswersInput): AnswersInput {
  const entries = Object.entries(above).map(([key, value]): [string, unknown] => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isMapping(value) && isMapping(under) ? mergeTwo(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

interface Place {
  readonly path: readonly (string | number)[];
  /** How many keys of the path lead to the target. */
  readonly done: number;
}

function setAt(target: unknown, { path, done }: Place, value: unknown): unknown {
  const key = path[done];
  if (key === undefined) return value;
  const next = { path, done: done + 1 };
  if (typeof key === "number") {
    const base = target ?? schemaAt(path.slice(0, done))?.default;
    const list: unknown[] = Array.isArray(base) ? [...base] : [];
    while (list.length < key) list.push({});
    list[key] = setAt(list[key], next, value);
    return list;
  }
  const mapping = isMapping(target) ? target : {};
  const under = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return { ...mapping, ...Object.fromEntries([[key, setAt(under, next, value)]]) };
}
