import { areEqual, toText } from "./expressions/convert.ts";
import { readGiven } from "./given-text.ts";
import { isList, kindOf, type ObjectValue, type Value } from "./expressions/value.ts";
import { asType, isParameterType } from "./parameter-types.ts";
import { PipelineError, problemAt, type PipelineProblem, type Position } from "./problem.ts";
import { entriesOf, entryOf, itemsOf, textOf, toValue, type YamlNode } from "./yaml-node.ts";

/** A parameter as a file declares it. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default: YamlNode | undefined;
  readonly values: readonly Value[];
  readonly at: Position;
}

/** What a file declares; `isOpen` for the old forms, a mapping or nothing, which take undeclared ones too. */
export interface ParameterList {
  readonly parameters: readonly Parameter[];
  readonly isOpen: boolean;
}

/** A value that was given for a parameter. */
export interface Given {
  readonly value: Value;
  readonly at: Position;
  /** Why a text from outside the files is no value. */
  readonly problem?: string;
}

/** The parameters that a file declares; mistakes in them are reported at once. */
export function readParameters(node: YamlNode | undefined): ParameterList {
  if (node?.kind === "map") {
    const problems = node.entries.flatMap(({ value }) => expressionsUnder(value));
    if (problems.length > 0) throw new PipelineError(problems);
    const parameters = node.entries.map(({ key, value }) => ({
      name: key.text,
      type: "legacyObject",
      default: value,
      values: [],
      at: key.at,
    }));
    return { parameters, isOpen: true };
  }
  if (node === undefined) return { parameters: [], isOpen: true };
  if (node.kind === "scalar" && node.text !== "") throw problemAt(node.at, "parameters must be a list.");
  const problems: PipelineProblem[] = [];
  const parameters = itemsOf(node).flatMap((item) => readParameter(item, problems));
  problems.push(...duplicates(parameters));
  if (problems.length > 0) throw new PipelineError(problems);
  return { parameters, isOpen: false };
}

function readParameter(item: YamlNode, problems: PipelineProblem[]): readonly Parameter[] {
  const name = textOf(item, "name");
  const type = textOf(item, "type") ?? "string";
  if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    problems.push({ at: item.at, message: "A parameter needs a name of letters, digits and underscores." });
    return [];
  }
  if (!isParameterType(type)) {
    const at = entryOf(item, "type")?.at ?? item.at;
    problems.push({ at, message: `There is no type of parameters '${type}'.` });
  }
  problems.push(...propertyProblems(item));
  const values = itemsOf(entryOf(item, "values")).map(toValue);
  return [{ name, type, default: entryOf(item, "default"), values, at: item.at }];
}

function propertyProblems(item: YamlNode): readonly PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  for (const { key, value } of entriesOf(item)) {
    if (key.text !== "type") problems.push(...expressionsUnder(value));
    if (!["name", "displayName", "type", "default", "values"].includes(key.text)) {
      problems.push({ at: key.at, message: `A parameter has no property '${key.text}'.` });
    }
  }
  return problems;
}

/** What a parameter declares is read before any expression is worth something. */
function expressionsUnder(node: YamlNode): readonly PipelineProblem[] {
  if (node.kind === "list") return node.items.flatMap(expressionsUnder);
  if (node.kind === "map") {
    return node.entries.flatMap(({ key, value }) => [...expressionsUnder(key), ...expressionsUnder(value)]);
  }
  if (!node.text.includes("${{")) return [];
  return [{ at: node.at, message: "What a parameter declares must be written out, without expressions." }];
}

function duplicates(parameters: readonly Parameter[]): readonly PipelineProblem[] {
  const seen = new Set<string>();
  return parameters.flatMap(({ name, at }) => {
    const isSecond = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return isSecond ? [{ at, message: `The parameter '${name}' is declared twice.` }] : [];
  });
}

export interface Assignment {
  readonly list: ParameterList;
  readonly given: ReadonlyMap<string, Given>;
  /** What an absent parameter without default is worth; undefined makes it an error. */
  readonly fallback: (parameter: Parameter) => Value | undefined;
  /** The value of a default. */
  readonly defaultOf: (parameter: Parameter, node: YamlNode) => Value;
  /** Where the parameters are given, for those that are missing; undefined for a pipeline's own, which are missing where they are declared. */
  readonly at: Position | undefined;
  /** How messages name the file. */
  readonly file: string;
}

/** The value of every parameter, each of its type and among its values; all problems at once. */
export function assignParameters(assignment: Assignment): ObjectValue {
  const { list, given, at, file } = assignment;
  const problems: PipelineProblem[] = [];
  const values: Record<string, Value> = {};
  for (const parameter of list.parameters) {
    const value = valueFor(parameter, assignment);
    if (value === undefined)
      problems.push({ at: at ?? parameter.at, message: `${file} needs the parameter '${parameter.name}'.` });
    else values[parameter.name] = checked(parameter, value, problems);
  }
  const known = new Set(list.parameters.map(({ name }) => name.toLowerCase()));
  for (const [name, { value, at: place }] of given) {
    if (known.has(name.toLowerCase())) continue;
    if (list.isOpen) values[name] = value;
    else problems.push({ at: place, message: `${file} has no parameter '${name}'.` });
  }
  if (problems.length > 0) throw new PipelineError(problems);
  return values;
}

/** Values from outside the files, each at the declaration of its parameter. */
export function givenAtDeclarations(
  declared: YamlNode | undefined,
  values: Readonly<Record<string, Value>>,
  start: Position,
): ReadonlyMap<string, Given> {
  const items = itemsOf(declared);
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const own = items.find((item) => textOf(item, "name")?.toLowerCase() === name.toLowerCase());
      if (own === undefined) return [name, { value, at: start }];
      return [name, { ...readGiven(value, textOf(own, "type") ?? "string"), at: own.at }];
    }),
  );
}

/** What is given to a file of the old form that does not name it; the service ignores such slips. */
export function undeclared(
  { parameters }: ParameterList,
  given: ReadonlyMap<string, Given>,
  file: string,
): readonly PipelineProblem[] {
  const known = parameters.map(({ name }) => name.toLowerCase());
  return [...given]
    .filter(([name]) => !known.includes(name.toLowerCase()))
    .map(([name, { at }]) => ({
      at,
      message: `${file} declares no parameter '${name}'.`,
      isAdvice: true,
    }));
}

function valueFor(parameter: Parameter, assignment: Assignment): Given | undefined {
  const wanted = parameter.name.toLowerCase();
  const found = [...assignment.given].find(([name]) => name.toLowerCase() === wanted);
  if (found !== undefined) return found[1];
  if (parameter.default !== undefined) {
    return { value: assignment.defaultOf(parameter, parameter.default), at: parameter.default.at };
  }
  const value = assignment.fallback(parameter);
  return value === undefined ? undefined : { value, at: assignment.at ?? parameter.at };
}

function checked({ name, type, values }: Parameter, given: Given, problems: PipelineProblem[]): Value {
  if (given.problem !== undefined) {
    const message = `The value for the parameter '${name}' cannot be read. ${given.problem}`;
    problems.push({ at: given.at, message });
    return null;
  }
  const value = asType(type, given.value);
  if (value === undefined) {
    const message = `The parameter '${name}' must be ${describe(type)}, not ${shown(given.value)}.`;
    problems.push({ at: given.at, message });
    return null;
  }
  const isAllowed = (item: Value): boolean => values.some((one) => areEqual(asType(type, one) ?? one, item));
  if (values.length > 0 && !(isList(value) ? value : [value]).every(isAllowed)) {
    const choices = values.map((allowed) => toText(allowed) ?? kindOf(allowed)).join(", ");
    problems.push({
      at: given.at,
      message: `The parameter '${name}' must be one of ${choices}, not ${shown(value)}.`,
    });
  }
  return value;
}

function describe(type: string): string {
  const known: Readonly<Record<string, string>> = {
    string: "a text",
    stringList: "a list of texts",
    number: "a number",
    boolean: "true or false",
  };
  return known[type] ?? `of the type ${type}`;
}

function shown(value: Value): string {
  const text = toText(value);
  return text === undefined ? kindOf(value) : `'${text}'`;
}
