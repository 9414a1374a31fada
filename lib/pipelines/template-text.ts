import { ExpressionError } from "./expressions/expression-error.ts";

/** A part of a scalar: text as it is, or the inside of `${{ … }}` with its place in the scalar. */
export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly text: string; readonly offset: number };

/** Splits a scalar at its `${{ … }}`; a `}}` inside a quoted text does not end an expression. */
export function splitTemplateText(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("${{", at);
    if (start < 0) break;
    if (start > at) parts.push({ kind: "text", text: text.slice(at, start) });
    const end = endOf(text, start + 3);
    parts.push({ kind: "expression", text: text.slice(start + 3, end), offset: start + 3 });
    at = end + 2;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}

function endOf(text: string, from: number): number {
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith("}}", at)) return at;
  }
  throw new ExpressionError("The expression is not closed by '}}'.", from);
}

/** What a key such as `${{ if … }}` asks for. */
export type Directive =
  | { readonly kind: "if" | "elseif"; readonly condition: string; readonly offset: number }
  | { readonly kind: "else" | "insert" }
  | { readonly kind: "each"; readonly name: string; readonly collection: string; readonly offset: number };

const whole = /^\s*\$\{\{(.*)\}\}\s*$/s;
const first = /^(\s*)(if|elseif|else|each|insert)\b(.*)$/s;
const each = /^(\s*)([A-Za-z_][A-Za-z0-9_]*)(\s+in\s+)(.*)$/s;

/** The directive that a key is; undefined for any other key. */
export function directiveIn(text: string): Directive | undefined {
  if (!text.includes("${{")) return undefined;
  const found = first.exec(whole.exec(text)?.[1] ?? "");
  return found === null ? undefined : directiveOf(found, text.indexOf("${{") + 3);
}

function directiveOf(
  [, blank = "", word = "", rest = ""]: RegExpExecArray,
  start: number,
): Directive | undefined {
  const offset = start + blank.length + word.length;
  if (word === "if" || word === "elseif") return { kind: word, condition: rest, offset };
  return word === "each" ? eachIn(rest, offset) : wordIn(word, rest);
}

function wordIn(word: string, rest: string): Directive | undefined {
  if (rest.trim() !== "") return undefined;
  return { kind: word === "else" ? word : "insert" };
}

function eachIn(text: string, offset: number): Directive {
  const found = each.exec(text);
  if (found === null) throw new ExpressionError("Write `each name in collection`.", offset);
  const [, blank = "", name = "", between = "", collection = ""] = found;
  return { kind: "each", name, collection, offset: offset + blank.length + name.length + between.length };
}
