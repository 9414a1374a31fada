import type { Value } from "../../../pipelines/expressions/value.ts";

/** Values of parameters as a client sent them: JSON, or text. */
export function parameterValues(given: Readonly<Record<string, unknown>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, toValue(entry)]));
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return null;
}
