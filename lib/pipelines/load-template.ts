import { ExpressionError } from "./expressions/expression-error.ts";
import { commonFunctions } from "./expressions/functions.ts";
import { parseExpression } from "./expressions/parse.ts";
import { parseYamlNode } from "./parse-yaml-node.ts";
import { PipelineError, problemAt, type PipelineProblem, type Position } from "./problem.ts";
import type { FileLocation } from "./scope.ts";
import { directiveIn, splitTemplateText } from "./template-text.ts";
import type { MapNode, ScalarNode, YamlNode } from "./yaml-node.ts";

/** The text of a file; undefined when there is none. */
export type ReadFile = (location: FileLocation) => string | undefined;

const mostFiles = 100;
/** Where the service expands no expressions. */
const plainKeys = new Set(["trigger", "pr", "schedules"]);

/** Reads the files of one pipeline, each once, and counts them. */
export class TemplateFiles {
  private readonly read: ReadFile;
  private readonly loaded = new Map<string, MapNode>();

  constructor(read: ReadFile) {
    this.read = read;
  }

  /** The files that were used, in the order of their first use. */
  get used(): readonly string[] {
    return [...this.loaded.keys()];
  }

  /** The mapping in a file, with the syntax of every expression in it checked. */
  load(location: FileLocation, from: Position): MapNode {
    const name = displayName(location);
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    if (this.loaded.size >= mostFiles)
      throw problemAt(from, `A pipeline may use ${mostFiles} files at most.`);
    const text = this.read(location);
    if (text === undefined) throw problemAt(from, `The file ${name} does not exist.`);
    const node = parseYamlNode(text, name);
    if (node.kind !== "map") throw problemAt(node.at, `${name} must hold a mapping.`);
    checkSyntax(node);
    this.loaded.set(name, node);
    return node;
  }
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
    if (node.kind === "scalar") problems.push(...syntaxProblems(node));
    else if (node.kind === "list") node.items.forEach(check);
    else {
      for (const { key, value } of node.entries) {
        problems.push(...syntaxProblems(key));
        check(value);
      }
    }
  };
  for (const { key, value } of root.entries) if (!plainKeys.has(key.text)) check(value);
  if (problems.length > 0) throw new PipelineError(problems);
}

function syntaxProblems(node: ScalarNode): readonly PipelineProblem[] {
  if (!node.text.includes("${{")) return [];
  try {
    for (const text of expressionsIn(node.text)) parseExpression(text, { functions: commonFunctions });
    return [];
  } catch (error) {
    if (error instanceof ExpressionError) return [{ at: node.at, message: error.message }];
    throw error;
  }
}

function expressionsIn(text: string): readonly string[] {
  const directive = directiveIn(text);
  if (directive === undefined) {
    return splitTemplateText(text).flatMap((part) => (part.kind === "expression" ? [part.text] : []));
  }
  if (directive.kind === "each") return [directive.collection];
  return directive.kind === "if" || directive.kind === "elseif" ? [directive.condition] : [];
}
