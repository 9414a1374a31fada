import { isMapping, type AnswersInput } from "./answers-input.ts";
import type { SetOption } from "./parse-set-options.ts";

/** Lays answers over each other, the last the strongest: mappings are merged, lists and values replaced. */
export function mergeAnswers(layers: readonly AnswersInput[]): AnswersInput {
  return layers.reduce<AnswersInput>(mergeTwo, {});
}

/** Puts single values into answers, in order; a list that an index points into is kept but for that entry. */
export function setAnswers(answers: AnswersInput, options: readonly SetOption[]): AnswersInput {
  return options.reduce<AnswersInput>((result, { path, value }) => {
    const changed = setAt(result, path, value);
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

function setAt(target: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === "number") {
    const list: unknown[] = Array.isArray(target) ? [...target] : [];
    while (list.length < key) list.push({});
    list[key] = setAt(list[key], rest, value);
    return list;
  }
  const mapping = isMapping(target) ? target : {};
  const under = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return { ...mapping, ...Object.fromEntries([[key, setAt(under, rest, value)]]) };
}
