import { formatDate } from "./format-date.ts";
import { isList, isObject, Moment, Version, type Value } from "./value.ts";

/** A sign, commas between the digits and blanks around them are part of a number. */
const numberText = /^\s*([+-]?)(\d[\d,]*(?:\.\d*)?|\.\d+)\s*$/;
const largestVersionPart = 2_147_483_647;

/** Null, zero and the empty text are false; everything else is true. */
export function toBoolean(value: Value): boolean {
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return value !== 0;
  return value !== null && value !== false;
}

/** The number, or undefined where there is no conversion. */
export function toNumber(value: Value): number | undefined {
  if (value === null) return 0;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return undefined;
  if (value === "") return 0;
  const [, sign = "", digits] = numberText.exec(value) ?? [];
  return digits === undefined ? undefined : Number(sign + digits.replaceAll(",", ""));
}

/** The text, or undefined for lists and objects. */
export function toText(value: Value): string | undefined {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberAsText(value);
  if (value instanceof Moment) return formatDate(value.date, "yyyy-MM-dd HH:mm:sszzz");
  return isList(value) || isObject(value) ? undefined : String(value);
}

/** Seven decimals at most, and none that say nothing. */
function numberAsText(value: number): string {
  const text = value.toFixed(7);
  return text.includes("e") ? text : text.replace(/\.?0+$/, "");
}

/** The version, or undefined where there is no conversion. */
export function toVersion(value: Value): Version | undefined {
  if (value instanceof Version) return value;
  if (typeof value === "number") {
    return value > 0 && !Number.isInteger(value) ? parseVersion(String(value)) : undefined;
  }
  return typeof value === "string" ? parseVersion(value.trim()) : undefined;
}

/** Two to four whole numbers with dots between them. */
export function parseVersion(text: string): Version | undefined {
  if (!/^\d+(?:\.\d+){1,3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  return parts.every((part) => part <= largestVersionPart) ? new Version(parts) : undefined;
}

/** Whether both are equal after the right one was converted to the kind of the left one. */
export function areEqual(left: Value, right: Value): boolean {
  if (left === null) return right === null || right === "";
  if (typeof left === "boolean") return left === toBoolean(right);
  if (typeof left === "number") return left === toNumber(right);
  if (typeof left === "string") return toText(right)?.toUpperCase() === left.toUpperCase();
  if (left instanceof Version) return isVersion(left, right);
  if (left instanceof Moment) return right instanceof Moment && Number(left.date) === Number(right.date);
  return left === right;
}

function isVersion(left: Version, right: Value): boolean {
  const version = toVersion(right);
  return version !== undefined && compareVersions(left, version) === 0;
}

/** Below zero, zero or above it, as left stands to right; undefined where there is no conversion. */
export function compare(left: Value, right: Value): number | undefined {
  if (typeof left === "string") return compareTexts(left, toText(right));
  if (left instanceof Version) {
    const version = toVersion(right);
    return version === undefined ? undefined : compareVersions(left, version);
  }
  const first = typeof left === "boolean" ? Number(left) : toNumber(left);
  const second = typeof left === "boolean" ? Number(toBoolean(right)) : toNumber(right);
  return first === undefined || second === undefined ? undefined : first - second;
}

function compareTexts(left: string, right: string | undefined): number | undefined {
  if (right === undefined) return undefined;
  const [first, second] = [left.toUpperCase(), right.toUpperCase()];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Parts that are not written come before zero, as in the service: 1.2 < 1.2.0. */
function compareVersions(left: Version, right: Version): number {
  for (let index = 0; index < 4; index += 1) {
    const difference = (left.parts[index] ?? -1) - (right.parts[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Plain JSON values: versions and dates become texts. */
export function toPlain(value: Value): unknown {
  if (value instanceof Version || value instanceof Moment) return toText(value);
  if (isList(value)) return value.map(toPlain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toPlain(entry)]));
}
