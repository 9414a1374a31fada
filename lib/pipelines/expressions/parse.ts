import { ExpressionError } from "./expression-error.ts";
import { lex, type Token } from "./lex.ts";
import type { Value } from "./value.ts";

/** The tree of an expression. */
export type Node =
  | { readonly kind: "literal"; readonly value: Value; readonly offset: number }
  | { readonly kind: "name"; readonly name: string; readonly offset: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly Node[];
      readonly offset: number;
    }
  | { readonly kind: "index"; readonly of: Node; readonly key: Node; readonly offset: number }
  | { readonly kind: "all"; readonly of: Node; readonly offset: number };

/** How often a function takes arguments. */
export interface Arity {
  readonly least: number;
  readonly most: number;
}

/** The functions and names that may stand in an expression of some place. */
export interface Scope {
  readonly functions: ReadonlyMap<string, Arity>;
  /** Undefined: names are judged when they are evaluated. */
  readonly names?: ReadonlySet<string>;
}

const deepest = 50;

/** The tree of an expression, its syntax, functions and their numbers of arguments checked; null for an empty one. */
export function parseExpression(text: string, scope: Scope): Node | null {
  const tokens = lex(text);
  if (tokens.length === 0) return null;
  const parser = new Parser(tokens, scope, text.length);
  const node = parser.parse(0);
  parser.requireEnd();
  return node;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly scope: Scope;
  private readonly end: number;

  constructor(tokens: readonly Token[], scope: Scope, end: number) {
    this.tokens = tokens;
    this.scope = scope;
    this.end = end;
  }

  parse(depth: number): Node {
    if (depth > deepest) throw new ExpressionError("The expression is nested too deep.", this.offset());
    let node = this.parseStart(depth);
    for (let length = depth; length <= deepest; length += 1) {
      if (this.take(".")) node = this.parseProperty(node);
      else if (this.take("[")) node = this.parseIndex(node, depth);
      else return node;
    }
    throw new ExpressionError("The expression is nested too deep.", this.offset());
  }

  requireEnd(): void {
    const token = this.tokens[this.at];
    if (token !== undefined) throw unexpected(token);
  }

  private parseStart(depth: number): Node {
    const token = this.next("a value");
    if (token.kind === "literal") return { kind: "literal", value: token.value, offset: token.offset };
    if (token.kind === "mark") throw unexpected(token);
    if (this.take("(")) return this.parseCall(token, depth);
    if (this.scope.functions.has(token.text.toLowerCase()) && this.scope.names?.has(token.text) !== true) {
      throw new ExpressionError(`The function ${token.text} needs parentheses.`, token.offset);
    }
    return { kind: "name", name: token.text, offset: token.offset };
  }

  private parseCall(token: Token, depth: number): Node {
    const arity = this.scope.functions.get(token.text.toLowerCase());
    if (arity === undefined) {
      throw new ExpressionError(`Unrecognized value: '${token.text}' is no function here.`, token.offset);
    }
    const given = this.parseArguments(depth);
    if (given.length < arity.least || given.length > arity.most) {
      throw new ExpressionError(`${token.text} takes ${describe(arity)}, not ${given.length}.`, token.offset);
    }
    return { kind: "call", name: token.text.toLowerCase(), arguments: given, offset: token.offset };
  }

  private parseArguments(depth: number): readonly Node[] {
    if (this.take(")")) return [];
    const given = [this.parse(depth + 1)];
    while (this.take(",")) given.push(this.parse(depth + 1));
    this.require(")");
    return given;
  }

  private parseProperty(of: Node): Node {
    const token = this.next("the name of a property");
    if (token.text === "*" && token.kind === "mark") return { kind: "all", of, offset: token.offset };
    if (token.kind !== "name") throw unexpected(token);
    const key: Node = { kind: "literal", value: token.text, offset: token.offset };
    return { kind: "index", of, key, offset: token.offset };
  }

  private parseIndex(of: Node, depth: number): Node {
    const offset = this.offset();
    if (this.take("*")) {
      this.require("]");
      return { kind: "all", of, offset };
    }
    const key = this.parse(depth + 1);
    this.require("]");
    return { kind: "index", of, key, offset };
  }

  private take(mark: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.at += 1;
    return true;
  }

  private require(mark: string): void {
    if (this.take(mark)) return;
    const token = this.tokens[this.at];
    throw token === undefined
      ? new ExpressionError(`A '${mark}' is missing at the end.`, this.end)
      : unexpected(token);
  }

  private next(wanted: string): Token {
    const token = this.tokens[this.at];
    if (token === undefined)
      throw new ExpressionError(`The expression ends where ${wanted} is needed.`, this.end);
    this.at += 1;
    return token;
  }

  private offset(): number {
    return this.tokens[this.at]?.offset ?? this.end;
  }
}

function unexpected(token: Token): ExpressionError {
  return new ExpressionError(`Unexpected symbol: '${token.text}'.`, token.offset);
}

function describe({ least, most }: Arity): string {
  if (least === most) return `${least} argument${least === 1 ? "" : "s"}`;
  return most === Infinity
    ? `at least ${least} argument${least === 1 ? "" : "s"}`
    : `${least} to ${most} arguments`;
}
