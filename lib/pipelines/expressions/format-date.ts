import { ExpressionError } from "./expression-error.ts";

/** A letter as often as it stands there, an escaped character, or a separator. */
const part = /\\(.)|([A-Za-z])\2*|[^A-Za-z\\]/g;

/** The date in UTC, written as a pattern such as `yyyyMMdd` asks for. */
export function formatDate(date: Date, pattern: string): string {
  return pattern.replaceAll(part, (found: string, escaped?: string, letter?: string) => {
    if (escaped !== undefined) return escaped;
    return letter === undefined ? found : fieldOf(date, letter, found.length);
  });
}

function fieldOf(date: Date, letter: string, length: number): string {
  const field = Object.hasOwn(fields, letter) ? fields[letter] : undefined;
  const text = field?.lengths.includes(length) === true ? field.write(date, length) : undefined;
  if (text === undefined) {
    throw new ExpressionError(`Format writes no part of a date as ${letter.repeat(length)}.`, -1);
  }
  return text;
}

interface Field {
  readonly lengths: readonly number[];
  readonly write: (date: Date, length: number) => string;
}

const fields: Readonly<Record<string, Field>> = {
  y: {
    lengths: [2, 4],
    write: (date, length) => String(date.getUTCFullYear()).padStart(4, "0").slice(-length),
  },
  M: oneOrTwo((date) => date.getUTCMonth() + 1),
  d: oneOrTwo((date) => date.getUTCDate()),
  H: oneOrTwo((date) => date.getUTCHours()),
  m: oneOrTwo((date) => date.getUTCMinutes()),
  s: oneOrTwo((date) => date.getUTCSeconds()),
  f: { lengths: [1, 2, 3, 4, 5, 6, 7], write: fraction },
  z: { lengths: [3], write: () => "+00:00" },
  K: { lengths: [1], write: () => "+00:00" },
};

function oneOrTwo(read: (date: Date) => number): Field {
  return { lengths: [1, 2], write: (date, length) => String(read(date)).padStart(length, "0") };
}

function fraction(date: Date, length: number): string {
  return String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(7, "0").slice(0, length);
}
