import type { Arity } from "./parse.ts";
import { commonFunctions } from "./functions.ts";

const any = Infinity;

/** What conditions ask of what ran before, beside the functions that stand everywhere. */
const statusFunctions: readonly (readonly [string, Arity])[] = [
  ["always", { least: 0, most: 0 }],
  ["canceled", { least: 0, most: 0 }],
  ["succeeded", { least: 0, most: any }],
  ["failed", { least: 0, most: any }],
  ["succeededorfailed", { least: 0, most: any }],
];

/** The functions of the condition of a step, a job or a stage. */
export const conditionFunctions: ReadonlyMap<string, Arity> = new Map<string, Arity>([
  ...commonFunctions,
  ...statusFunctions,
]);

/** The functions of `$[ … ]` in a variable. */
export const variableFunctions: ReadonlyMap<string, Arity> = new Map<string, Arity>([
  ...commonFunctions,
  ["counter", { least: 0, most: 2 }],
]);
