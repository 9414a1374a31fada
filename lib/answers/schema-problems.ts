import type { ErrorObject } from "ajv";
import type { Problem } from "../errors/eac-error.ts";
import { nearest } from "../errors/nearest.ts";
import { formatPath } from "./answers-input.ts";
import { schemaAt, type SchemaNode } from "./answers-schema.ts";
import { suggestName } from "./suggest-name.ts";
import { valueAt } from "./value-at.ts";

interface Violation {
  readonly path: readonly (string | number)[];
  readonly node: SchemaNode | undefined;
  readonly value: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

type Wording = (violation: Violation) => Pick<Problem, "message" | "suggestion">;

const mostShown = 60;

/** Plain sentences for what ajv found, one for each value and rule. */
export function describeSchemaErrors(errors: readonly ErrorObject[], candidate: unknown): readonly Problem[] {
  return errors.map((error) => {
    const path = errorPath(error);
    const violation = { path, node: schemaAt(path), value: valueAt(candidate, path), params: error.params };
    const wording = wordings[error.keyword] ?? (() => ({ message: `${error.message ?? "is not valid"}.` }));
    return { path: formatPath(path) || "(answers)", rule: error.keyword, ...wording(violation) };
  });
}

/** Missing and unknown keys are reported where they are or should be, not on the mapping around them. */
function errorPath(error: ErrorObject): readonly (string | number)[] {
  const parent = error.instancePath.split("/").slice(1).map(unescapePointer);
  const key: unknown = error.params["missingProperty"] ?? error.params["additionalProperty"];
  return typeof key === "string" ? [...parent, key] : parent;
}

function unescapePointer(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~");
}

const wordings: Readonly<Record<string, Wording>> = {
  required: ({ path, node }) => ({
    message: `is missing (${node?.description ?? "it is required"}).`,
    suggestion: `Set it in the answers file, or with --set ${formatPath(path)}=….`,
  }),
  additionalProperties: ({ path }) => {
    const known = Object.keys(schemaAt(path.slice(0, -1))?.properties ?? {});
    const guess = nearest(String(path.at(-1)), known);
    return {
      message: "is not an answer that eac-model knows.",
      suggestion: guess === undefined ? `Known here: ${known.join(", ")}.` : `Did you mean ${guess}?`,
    };
  },
  type: ({ node, value }) => ({
    message: `is ${describeValue(value)}, and has to be ${typeName(node)}.`,
    suggestion: typeSuggestion(node, value),
  }),
  enum: ({ node, value }) => {
    const allowed = node?.enum ?? [];
    const guess = nearest(String(value).toLowerCase(), allowed);
    return {
      message: `is ${describeValue(value)}, and has to be one of ${allowed.join(", ")}.`,
      suggestion: guess === undefined ? undefined : `Did you mean ${guess}?`,
    };
  },
  pattern: ({ path, node, value }) => ({
    message: `is ${describeValue(value)}, and has to be ${node?.["x-rule"] ?? `of the form ${node?.pattern ?? ""}`}.`,
    suggestion:
      path.at(-1) === "model_name" || path.at(-1) === "name" ? suggestName(String(value)) : undefined,
  }),
  minLength: ({ params, value }) => ({
    message: `is ${describeValue(value)}, and has to be at least ${String(params["limit"])} characters long.`,
  }),
  maxLength: ({ params, value }) => ({
    message: `is ${String(value).length} characters long; ${String(params["limit"])} are allowed.`,
  }),
  minimum: ({ params, value }) => ({
    message: `is ${describeValue(value)}; the least is ${String(params["limit"])}.`,
  }),
  maximum: ({ params, value }) => ({
    message: `is ${describeValue(value)}; the most is ${String(params["limit"])}.`,
  }),
  minItems: ({ params }) => ({ message: `needs at least ${String(params["limit"])} entries.` }),
  maxItems: ({ params }) => ({ message: `has more than ${String(params["limit"])} entries.` }),
  uniqueItems: ({ params }) => ({
    message: `has the same entry twice (${String(params["j"])} and ${String(params["i"])}, counted from 0).`,
  }),
};

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "empty";
  if (typeof value === "object") return "a mapping";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function typeName(node: SchemaNode | undefined): string {
  switch (node?.type) {
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    case "integer":
      return "a whole number";
    case "string":
    case undefined:
      return "text";
  }
}

function typeSuggestion(node: SchemaNode | undefined, value: unknown): string | undefined {
  if (typeof value === "string") return textSuggestion(node, value);
  const isScalar = typeof value === "number" || typeof value === "boolean";
  return node?.type === "string" && isScalar ? `Quote it: "${String(value)}".` : undefined;
}

function textSuggestion(node: SchemaNode | undefined, text: string): string | undefined {
  if (node?.type === "integer" && /^\d+$/.test(text)) return `Write it without quotes: ${text}.`;
  return node?.type === "array" ? `Write it as a list: [${text}].` : undefined;
}
