import ejs from "ejs";
import { Insertion } from "./insertion.ts";
import { localNames, type Locals } from "./locals.ts";

/**
 * Compiles the text of an `.ejs` file; the result renders it.
 * Names that are not locals throw, and so does a value that did not go through one of the helpers of insertion.ts.
 */
export function compileTemplate(name: string, text: string): (locals: Locals) => string {
  return ejs.compile(text, {
    strict: true,
    destructuredLocals: [...localNames],
    filename: name,
    escape: (value: unknown) => insertedText(value, name),
  });
}

function insertedText(value: unknown, name: string): string {
  if (value instanceof Insertion) return value.text;
  // ejs passes the file name through the same function when it words its own errors.
  if (value === name) return name;
  throw new Error(`${name} inserts ${typeof value} without a helper such as yaml() or markdown().`);
}
