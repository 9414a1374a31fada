import { nearest } from "../errors/nearest.ts";
import { repositoryAliases } from "./expand-resources.ts";
import { ExpressionError } from "./expressions/expression-error.ts";
import { commonFunctions } from "./expressions/functions.ts";
import { parseExpression } from "./expressions/parse.ts";
import { withoutPhases } from "./legacy-phases.ts";
import { parseYamlNode } from "./parse-yaml-node.ts";
import { PipelineError, problemAt, type PipelineProblem, type Position } from "./problem.ts";
import type { FileLocation } from "./scope.ts";
import { directiveIn, splitTemplateText, type TextPart } from "./template-text.ts";
import { entryOf, placeIn, type MapNode, type ScalarNode, type YamlNode } from "./yaml-node.ts";

/** The text of a file; undefined when there is none. */
export type ReadFile = (location: FileLocation) => string | undefined;
/** Why there is none, as a sentence; undefined when there is no more to say. */
export type WhyMissing = (location: FileLocation) => string | undefined;

const mostFiles = 100;
/** Where the service expands no expressions. */
const plainKeys = new Set(["trigger", "pr", "schedules", "parameters"]);

/** Reads the files of one pipeline, each once, and counts them. */
export class TemplateFiles {
  private readonly read: ReadFile;
  private readonly whyMissing: WhyMissing;
  private readonly loaded = new Map<string, MapNode>();
  private readonly aliases = new Set(["self"]);

  constructor(read: ReadFile, whyMissing: WhyMissing = () => undefined) {
    this.read = read;
    this.whyMissing = whyMissing;
  }

  /** The files that were used, in the order of their first use. */
  get used(): readonly string[] {
    return [...this.loaded.keys()];
  }

  /** Their mappings, in the same order. */
  get roots(): readonly MapNode[] {
    return [...this.loaded.values()];
  }

  /** The mapping in a file, with the syntax of every expression in it checked. */
  load(location: FileLocation, from: Position): MapNode {
    const name = displayName(location);
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    if (this.loaded.size >= mostFiles)
      throw problemAt(from, `A pipeline may use ${mostFiles} files at most.`);
    if (!this.aliases.has(location.alias)) throw undeclared(location.alias, [...this.aliases], from);
    const text = this.read(location);
    if (text === undefined)
      throw problemAt(from, this.whyMissing(location) ?? `The file ${name} does not exist.`);
    const node = parseTemplate(text, name);
    for (const alias of repositoryAliases(entryOf(node, "resources"))) this.aliases.add(alias);
    this.loaded.set(name, node);
    return node;
  }
}

const mostParsed = 200;
/** The files that were parsed last: the pipelines of a repository share most of theirs. */
const parsed = new Map<string, MapNode>();

function parseTemplate(text: string, name: string): MapNode {
  const key = `${name}\n${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const read = parseYamlNode(text, name);
  if (read.kind !== "map") throw problemAt(read.at, `${name} must hold a mapping.`);
  const node = withoutPhases(read);
  checkSyntax(node);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(key, node);
  return node;
}

function undeclared(alias: string, known: readonly string[], at: Position): PipelineError {
  const meant = nearest(alias, known);
  const hint = meant === undefined ? "Declare it under resources.repositories." : `Did you mean ${meant}?`;
  return problemAt(at, `There is no repository '${alias}' among the resources.`, hint);
}

/** How messages name a file. */
export function displayName({ alias, path }: FileLocation): string {
  return alias === "self" ? path : `${path}@${alias}`;
}

/** Where `template: text` of a file leads: relative to it, `/` from the root, `@alias` in another repository. */
export function resolveTemplate(text: string, from: FileLocation, at: Position): FileLocation {
  const [path = "", alias] = text.replaceAll("\\", "/").split("@");
  const isOther = alias !== undefined && alias !== from.alias;
  const base = isOther || path.startsWith("/") ? [] : from.path.split("/").slice(0, -1);
  const resolved = joined(base, path.split("/"));
  if (resolved === undefined) throw problemAt(at, `The template ${text} is outside the repository.`);
  return { alias: alias ?? from.alias, path: resolved };
}

/** The path from the root; undefined where it leaves it. */
function joined(base: readonly string[], segments: readonly string[]): string | undefined {
  const path = [...base];
  for (const segment of segments) {
    if (segment === "..") {
      if (path.pop() === undefined) return undefined;
    } else if (segment !== "" && segment !== ".") path.push(segment);
  }
  return path.join("/");
}

/** Every expression must be well formed, also where it is not needed. */
function checkSyntax(root: MapNode): void {
  const problems: PipelineProblem[] = [];
  const check = (node: YamlNode): void => {
    if (node.kind === "scalar") problems.push(...valueProblems(node));
    else if (node.kind === "list") node.items.forEach(check);
    else {
      for (const { key, value } of node.entries) {
        problems.push(...keyProblems(key));
        check(value);
      }
    }
  };
  for (const { key, value } of root.entries) if (!plainKeys.has(key.text)) check(value);
  if (problems.length > 0) throw new PipelineError(problems);
}

function keyProblems(key: ScalarNode): readonly PipelineProblem[] {
  if (!key.text.includes("${{")) return [];
  return problemsIn(key, () => {
    const directive = directiveIn(key.text);
    if (directive === undefined) return splitTemplateText(key.text).flatMap(expressionOf);
    if (directive.kind === "each") return [{ text: directive.collection, offset: directive.offset }];
    if (directive.kind !== "if" && directive.kind !== "elseif") return [];
    if (directive.condition.trim() === "") throw new ExpressionError("The condition is missing.", 0);
    return [{ text: directive.condition, offset: directive.offset }];
  });
}

function valueProblems(node: ScalarNode): readonly PipelineProblem[] {
  if (!node.text.includes("${{")) return [];
  return problemsIn(node, () => {
    if (directiveIn(node.text) !== undefined)
      throw new ExpressionError(`${node.text.trim()} needs a colon after it.`, 0);
    return splitTemplateText(node.text).flatMap(expressionOf);
  });
}

interface Found {
  readonly text: string;
  readonly offset: number;
}

function expressionOf(part: TextPart): readonly Found[] {
  return part.kind === "expression" ? [part] : [];
}

function problemsIn(node: ScalarNode, find: () => readonly Found[]): readonly PipelineProblem[] {
  let start = 0;
  try {
    for (const { text, offset } of find()) {
      start = offset;
      if (parseExpression(text, { functions: commonFunctions }) === null) {
        throw new ExpressionError("An expression is missing between ${{ and }}.", 0);
      }
    }
    return [];
  } catch (error) {
    if (error instanceof ExpressionError) {
      return [{ at: placeIn(node, start + error.offset), message: error.message }];
    }
    throw error;
  }
}
