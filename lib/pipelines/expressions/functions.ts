import { areEqual, compare, toBoolean, toNumber, toPlain, toText } from "./convert.ts";
import { ExpressionError } from "./expression-error.ts";
import type { Arity } from "./parse.ts";
import { formatDate } from "./format-date.ts";
import { isList, isObject, kindOf, Moment, type Value } from "./value.ts";

/** An argument that is evaluated when it is asked for. */
export type Lazy = () => Value;

/** A function of the expression language; what is wrong with its arguments is thrown as a plain sentence. */
export interface ExpressionFunction extends Arity {
  readonly call: (given: readonly Lazy[]) => Value;
}

const any = Infinity;

/** The functions that stand everywhere, by lower-case name. */
export const commonFunctions: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>([
  ["and", { least: 2, most: any, call: (given) => given.every((argument) => toBoolean(argument())) }],
  ["or", { least: 2, most: any, call: (given) => given.some((argument) => toBoolean(argument())) }],
  ["not", of(1, ([value]) => !toBoolean(value ?? null))],
  ["xor", of(2, ([left = null, right = null]) => toBoolean(left) !== toBoolean(right))],
  ["eq", of(2, ([left = null, right = null]) => areEqual(left, right))],
  ["ne", of(2, ([left = null, right = null]) => !areEqual(left, right))],
  ["gt", comparison((order) => order > 0)],
  ["ge", comparison((order) => order >= 0)],
  ["lt", comparison((order) => order < 0)],
  ["le", comparison((order) => order <= 0)],
  ["in", { least: 1, most: any, call: isAmong }],
  ["notin", { least: 1, most: any, call: (given) => !isAmong(given) }],
  ["contains", texts((text, part) => text.includes(part))],
  ["startswith", texts((text, part) => text.startsWith(part))],
  ["endswith", texts((text, part) => text.endsWith(part))],
  ["containsvalue", of(2, containsValue)],
  ["join", of(2, join)],
  ["split", of(2, split)],
  ["format", { least: 1, most: any, call: format }],
  ["coalesce", { least: 2, most: any, call: coalesce }],
  ["replace", of(3, replace)],
  ["lower", of(1, ([value]) => textOf(value).toLowerCase())],
  ["upper", of(1, ([value]) => textOf(value).toUpperCase())],
  ["trim", of(1, ([value]) => textOf(value).trim())],
  ["length", of(1, length)],
  ["converttojson", of(1, ([value]) => JSON.stringify(toPlain(value ?? null), undefined, 2))],
  ["iif", of(3, ([condition, yes, no]) => (toBoolean(condition ?? null) ? yes : no) ?? null)],
  ["substring", of(3, substring)],
]);

function of(count: number, call: (given: readonly Value[]) => Value): ExpressionFunction {
  return { least: count, most: count, call: (given) => call(given.map((argument) => argument())) };
}

function comparison(holds: (order: number) => boolean): ExpressionFunction {
  return of(2, ([left = null, right = null]) => {
    const order = compare(left, right);
    if (order === undefined) throw refusal(`${kindOf(right)} cannot be compared with ${kindOf(left)}`);
    return holds(order);
  });
}

function texts(holds: (text: string, part: string) => boolean): ExpressionFunction {
  return of(2, ([text, part]) => holds(textOf(text).toUpperCase(), textOf(part).toUpperCase()));
}

function isAmong([first, ...others]: readonly Lazy[]): boolean {
  const left = first?.() ?? null;
  return others.some((other) => areEqual(left, other()));
}

function containsValue([collection = null, wanted = null]: readonly Value[]): boolean {
  if (isList(collection)) return collection.some((item) => areEqual(wanted, item));
  return isObject(collection) && Object.values(collection).some((item) => areEqual(wanted, item));
}

function join([separator, items = null]: readonly Value[]): string {
  const between = textOf(separator);
  if (!isList(items)) return toText(items) ?? "";
  return items.map((item) => toText(item) ?? "").join(between);
}

/** Every character of the second text separates. */
function split([text, separators]: readonly Value[]): readonly string[] {
  const between = new Set(textOf(separators));
  const parts = [""];
  for (const character of textOf(text)) {
    if (between.has(character)) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${character}`);
  }
  return parts;
}

const placeholder = /\{\{|\}\}|\{(\d+)(?::((?:[^}]|\}\})+))?\}|[{}]/g;

function format([pattern, ...others]: readonly Lazy[]): string {
  return textOf(pattern?.()).replaceAll(placeholder, (found: string, index?: string, how?: string) => {
    if (found === "{{" || found === "}}") return found.charAt(0);
    const argument = index === undefined ? undefined : others[Number(index)];
    if (argument === undefined) throw refusal(`format has no value for ${found}`);
    return how === undefined ? textOf(argument()) : formatted(argument(), how);
  });
}

/** Only dates are written in more ways than one. */
function formatted(value: Value, how: string): string {
  if (value instanceof Moment) return formatDate(value.date, how.replaceAll("}}", "}"));
  throw refusal(`${kindOf(value)} cannot be written as '${how}'`);
}

function coalesce(given: readonly Lazy[]): Value {
  for (const argument of given) {
    const value = argument();
    if (value !== null && value !== "") return value;
  }
  return null;
}

function replace([text, from, to]: readonly Value[]): string {
  const wanted = textOf(from);
  return wanted === "" ? textOf(text) : textOf(text).replaceAll(wanted, () => textOf(to));
}

function length([value = null]: readonly Value[]): number {
  if (isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : textOf(value).length;
}

function substring([text, start, count]: readonly Value[]): string {
  const [from, most] = [toNumber(start ?? null), toNumber(count ?? null)];
  if (from === undefined || most === undefined) throw refusal("substring needs two numbers after the text");
  return textOf(text).slice(Math.max(0, from), Math.max(0, from) + Math.max(0, most));
}

function textOf(value: Value | undefined): string {
  const text = toText(value ?? null);
  if (text === undefined) throw refusal(`${kindOf(value ?? null)} stands where a text is needed`);
  return text;
}

/** Its place is not known here; whoever evaluates the call adds it. */
function refusal(message: string): ExpressionError {
  return new ExpressionError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`, -1);
}
