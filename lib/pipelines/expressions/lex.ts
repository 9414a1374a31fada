import { parseVersion } from "./convert.ts";
import { ExpressionError } from "./expression-error.ts";
import type { Value } from "./value.ts";

export type Token =
  | { readonly kind: "literal"; readonly value: Value; readonly text: string; readonly offset: number }
  | { readonly kind: "name"; readonly text: string; readonly offset: number }
  | { readonly kind: "mark"; readonly text: string; readonly offset: number };

const marks = new Set(["(", ")", "[", "]", ",", "*"]);
const boundary = /[\s()[\],]/;
const number = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The tokens of an expression; a character that begins none is an error at its place. */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const character = text.charAt(offset);
    if (/\s/.test(character)) {
      offset += 1;
      continue;
    }
    const token = nextToken(text, offset, tokens.at(-1));
    tokens.push(token);
    offset += token.kind === "literal" || token.kind === "name" ? token.text.length : 1;
  }
  return tokens;
}

function nextToken(text: string, offset: number, before: Token | undefined): Token {
  const character = text.charAt(offset);
  if (marks.has(character)) return { kind: "mark", text: character, offset };
  if (character === "'") return lexText(text, offset);
  if (character === "." && canBeFollowedByDot(before)) return { kind: "mark", text: character, offset };
  const token = lexWord(text, offset);
  const isProperty = before?.kind === "mark" && before.text === "." && name.test(token.text);
  return isProperty ? { kind: "name", text: token.text, offset } : token;
}

/** A dot after a name, a bracket or a star reads a property; elsewhere it begins a number. */
function canBeFollowedByDot(before: Token | undefined): boolean {
  return before !== undefined && (before.kind === "name" || [")", "]", "*"].includes(before.text));
}

function lexText(text: string, offset: number): Token {
  const found = /^'((?:[^']|'')*)'/.exec(text.slice(offset));
  if (found === null) throw new ExpressionError("A text is not closed by an apostrophe.", offset);
  const [whole, inner = ""] = found;
  return { kind: "literal", value: inner.replaceAll("''", "'"), text: whole, offset };
}

function lexWord(text: string, offset: number): Token {
  const isNumber = /[-.\d]/.test(text.charAt(offset));
  let end = offset + 1;
  while (end < text.length && !endsWord(text, end, isNumber)) end += 1;
  const word = text.slice(offset, end);
  if (isNumber) return { kind: "literal", value: numberOrVersion(word, offset), text: word, offset };
  if (/^(?:true|false)$/i.test(word)) {
    return { kind: "literal", value: word.toLowerCase() === "true", text: word, offset };
  }
  if (name.test(word)) return { kind: "name", text: word, offset };
  throw new ExpressionError(`Unexpected symbol: '${word}'.`, offset);
}

function endsWord(text: string, at: number, isNumber: boolean): boolean {
  const character = text.charAt(at);
  return boundary.test(character) || (character === "." && !isNumber);
}

function numberOrVersion(word: string, offset: number): Value {
  if (number.test(word)) return Number(word);
  const version = parseVersion(word);
  if (version !== undefined) return version;
  throw new ExpressionError(`Unexpected symbol: '${word}'.`, offset);
}
