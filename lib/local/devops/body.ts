import { ServiceError } from "./service-error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object, neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body as an object; the service refuses anything else. */
export function objectBody(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw new ServiceError(
    400,
    "VssPropertyValidationException",
    "Value cannot be null.\r\nParameter name: body",
  );
}

/** The value at a path of nested objects, or undefined. */
export function valueIn(body: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    body,
  );
}

/** Text at a path, or undefined where there is none. */
export function textIn(body: unknown, ...path: readonly string[]): string | undefined {
  const value = valueIn(body, ...path);
  return typeof value === "string" ? value : undefined;
}

/** Text at a path, or a number as text: clients name what is counted either way. */
export function scalarIn(body: unknown, ...path: readonly string[]): string | undefined {
  const value = valueIn(body, ...path);
  return typeof value === "number" ? String(value) : textIn(body, ...path);
}

/** Text at a path that the operation cannot do without. */
export function requireText(body: unknown, ...path: readonly string[]): string {
  const text = textIn(body, ...path)?.trim() ?? "";
  if (text !== "") return text;
  throw new ServiceError(
    400,
    "ArgumentNullException",
    `Value cannot be null.\r\nParameter name: ${path.join(".")}`,
  );
}

/** A list at a path; the empty list where there is none. */
export function listIn(body: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueIn(body, ...path);
  return Array.isArray(value) ? value : [];
}

/** The service's form of a list. */
export function listReply(value: readonly unknown[]): {
  readonly count: number;
  readonly value: readonly unknown[];
} {
  return { count: value.length, value };
}
