import { nearest } from "../errors/nearest.ts";
import { evaluate } from "./expressions/evaluate.ts";
import { ExpressionError } from "./expressions/expression-error.ts";
import { commonFunctions } from "./expressions/functions.ts";
import { parseExpression, type Node } from "./expressions/parse.ts";
import { propertyOf, type ObjectValue, type Value } from "./expressions/value.ts";
import { problemAt, type PipelineProblem, type Position } from "./problem.ts";

/** Where a file of a pipeline is: a path in the repository itself (alias `self`) or in another one. */
export interface FileLocation {
  readonly alias: string;
  /** Relative to the root of that repository, `/`-separated. */
  readonly path: string;
}

/** What the expressions of some place can see. */
export interface Scope {
  readonly file: FileLocation;
  /** By name, in any letter case: predefined variables and those written in YAML so far. */
  readonly variables: ObjectValue;
  /** Undefined while the parameters themselves are read. */
  readonly parameters: ObjectValue | undefined;
  /** Whether a parameter that nobody declared is nothing, as in files of the old form, and no error. */
  readonly isOpen: boolean;
  /** The names that `each` gives. */
  readonly loops: ObjectValue;
  /** How much may still come out of the expansion of this pipeline. */
  readonly budget: { left: number };
  /** What the service accepts without a word and is a slip nevertheless. */
  readonly notes: PipelineProblem[];
}

/** The most characters that come out of an expansion; the service stops at as many bytes. */
export const largestExpansion = 20_000_000;

/** Takes from what may still come out; a pipeline that grows without end stops here. */
export function spend({ budget }: Scope, size: number, at: Position): void {
  budget.left -= size;
  if (budget.left < 0)
    throw problemAt(at, "The pipeline grows too large here when its templates are expanded.");
}

const strict: ReadonlySet<string> = new Set(["parameters"]);
const none: ReadonlySet<string> = new Set();
const functions = commonFunctions;

/** The value of an expression; an empty one is null. What goes wrong names the place in the file. */
export function evaluateIn(text: string, scope: Scope, at: Position): Value {
  return explained(at, () => {
    const tree: Node | null = parseExpression(text, { functions });
    return tree === null
      ? null
      : evaluate(tree, {
          functions,
          strict: scope.isOpen ? none : strict,
          lookUp: (name) => lookUp(name, scope),
          onMissing: (owner, key) => scope.notes.push(...missing({ owner, key, at }, scope)),
        });
  });
}

/** Turns an error about an expression into one about the file. */
export function explained<T>(at: Position, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ExpressionError) throw problemAt(at, error.message);
    throw error;
  }
}

/** The scope with one more name. */
export function withLoop(scope: Scope, name: string, value: Value): Scope {
  return { ...scope, loops: { ...scope.loops, [name]: value } };
}

interface Missing {
  readonly owner: string;
  readonly key: string;
  readonly at: Position;
}

/** The service reads what it does not know as an empty text; names with a dot may be its own. */
function missing(
  { owner, key, at }: Missing,
  { variables, parameters = {} }: Scope,
): readonly PipelineProblem[] {
  if (owner === "parameters") {
    return [noted(at, `There is no parameter '${key}'.`, nearest(key, Object.keys(parameters)))];
  }
  if (owner !== "variables" || key.includes(".")) return [];
  const message = `There is no variable '${key}' in the YAML before this place.`;
  return [noted(at, message, nearest(key, Object.keys(variables)))];
}

function noted(at: Position, message: string, meant: string | undefined): PipelineProblem {
  return { at, message, ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }), isAdvice: true };
}

function lookUp(name: string, { loops, parameters, variables }: Scope): Value | undefined {
  const loop = propertyOf(loops, name);
  if (loop !== undefined) return loop;
  const context = name.toLowerCase();
  if (context === "variables") return variables;
  return context === "parameters" ? parameters : undefined;
}
