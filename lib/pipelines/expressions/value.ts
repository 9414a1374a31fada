/** A version such as `1.2.3`; two to four whole numbers. */
export class Version {
  readonly parts: readonly number[];

  constructor(parts: readonly number[]) {
    this.parts = parts;
  }

  toString(): string {
    return this.parts.join(".");
  }
}

/** A point in time, such as `pipeline.startTime`. */
export class Moment {
  readonly date: Date;

  constructor(date: Date) {
    this.date = date;
  }
}

/** An object of the expression language; its keys are found in any letter case. */
export interface ObjectValue {
  readonly [key: string]: Value;
}

/** What an expression can be worth. */
export type Value = null | boolean | number | string | Version | Moment | readonly Value[] | ObjectValue;

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value): value is ObjectValue {
  if (typeof value !== "object" || value === null || isList(value)) return false;
  return !(value instanceof Version) && !(value instanceof Moment);
}

/** The value of a key in any letter case; undefined when there is none. */
export function propertyOf(value: ObjectValue, key: string): Value | undefined {
  if (Object.hasOwn(value, key)) return value[key];
  const wanted = key.toLowerCase();
  const found = Object.keys(value).find((name) => name.toLowerCase() === wanted);
  return found === undefined ? undefined : value[found];
}

/** A name of the value's kind for messages. */
export function kindOf(value: Value): string {
  if (value === null) return "null";
  if (value instanceof Version) return "a version";
  if (value instanceof Moment) return "a date";
  if (isList(value)) return "a list";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number") return "a number";
  return typeof value === "string" ? "a text" : "an object";
}
