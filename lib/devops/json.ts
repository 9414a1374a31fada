/** A JSON object whose shape nobody has checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object, neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of nested objects, or undefined. */
export function valueIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

/** The text at a path; empty where there is none. */
export function textIn(value: unknown, ...path: readonly string[]): string {
  const found = valueIn(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The id at a path, as text; the service uses numbers for some things and GUIDs for others. */
export function idIn(value: unknown, ...path: readonly string[]): string {
  const found = valueIn(value, ...path);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
}

/** The list at a path; empty where there is none. */
export function listIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueIn(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Names of the service ignore case. */
export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
