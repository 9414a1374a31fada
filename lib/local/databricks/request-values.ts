import { textIn, valueIn } from "../devops/body.ts";
import { invalidParameter } from "./workspace-error.ts";

/** Text that the operation cannot do without. */
export function requireText(body: unknown, name: string): string {
  const text = textIn(body, name)?.trim() ?? "";
  if (text !== "") return text;
  throw invalidParameter(`Missing required field: ${name}`);
}

/** A yes or no; older clients send it as text. */
export function flagIn(body: unknown, name: string): boolean {
  const value = valueIn(body, name);
  return value === true || value === "true";
}

/** The number of a job or run, which clients send as a number or as text. */
export function requireId(body: unknown, name: string): number {
  const value = valueIn(body, name);
  const id = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof id === "number" && Number.isSafeInteger(id)) return id;
  throw invalidParameter(`Missing required field: ${name}`);
}

/** Names with texts; numbers and flags become text, as the service makes them. */
export function textsIn(body: unknown, name: string): Readonly<Record<string, string>> {
  const value = valueIn(body, name);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [key, typeof text === "string" ? text : JSON.stringify(text)]),
  );
}

/** A list of texts; anything else in it becomes text. */
export function textListIn(body: unknown, name: string): readonly string[] {
  const value = valueIn(body, name);
  if (!Array.isArray(value)) return [];
  return value.map((text) => (typeof text === "string" ? text : JSON.stringify(text)));
}
