import { isObject, listIn, scalarIn, textIn, valueIn } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { CompletionOptions, MergeStrategy } from "./pull-request-record.ts";

/** By name, or by the number that some clients send. */
const strategies: ReadonlyMap<string, MergeStrategy> = new Map([
  ["nofastforward", "noFastForward"],
  ["1", "noFastForward"],
  ["squash", "squash"],
  ["2", "squash"],
  ["rebase", "rebase"],
  ["3", "rebase"],
  ["rebasemerge", "rebaseMerge"],
  ["4", "rebaseMerge"],
]);

const flags = ["deleteSourceBranch", "bypassPolicy", "transitionWorkItems"] as const;
const texts = ["mergeCommitMessage", "bypassReason"] as const;

/** How a pull request is to be completed; undefined where a body says nothing about it. */
export function parseCompletionOptions(given: unknown): CompletionOptions | undefined {
  if (!isObject(given)) return undefined;
  const strategy = strategyOf(given);
  const ignored = listIn(given, "autoCompleteIgnoreConfigIds").filter((id) => typeof id === "number");
  return {
    ...(strategy === undefined ? {} : { mergeStrategy: strategy }),
    ...Object.fromEntries(
      flags.flatMap((name) => (typeof given[name] === "boolean" ? [[name, given[name]]] : [])),
    ),
    ...Object.fromEntries(texts.flatMap((name) => textEntry(given, name))),
    ...(ignored.length === 0 ? {} : { autoCompleteIgnoreConfigIds: ignored }),
  };
}

function textEntry(given: unknown, name: string): readonly (readonly [string, string])[] {
  const text = textIn(given, name) ?? "";
  return text === "" ? [] : [[name, text]];
}

/** The older form is a flag for squash. */
function strategyOf(given: unknown): MergeStrategy | undefined {
  const named = scalarIn(given, "mergeStrategy");
  if (named === undefined) return valueIn(given, "squashMerge") === true ? "squash" : undefined;
  const strategy = strategies.get(named.toLowerCase());
  if (strategy !== undefined) return strategy;
  throw new ServiceError(400, "InvalidArgumentValueException", `${named} is no merge strategy.`);
}
