import type { ErrorObject } from "ajv";
import type { Problem } from "../errors/eac-error.ts";
import { nearest } from "../errors/nearest.ts";
import { formatPath } from "./answers-input.ts";
import { schemaAt, type SchemaNode } from "./answers-schema.ts";
import { suggestModelName, suggestName } from "./suggest-name.ts";
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
  return errors
    .filter((error) => !isSaidElsewhere(error, errors))
    .map((error) => {
      const path = errorPath(error);
      const violation = { path, node: schemaAt(path), value: valueAt(candidate, path), params: error.params };
      const wording = wordings[error.keyword] ?? (() => ({ message: `${error.message ?? "is not valid"}.` }));
      return { path: formatPath(path) || "(answers)", rule: error.keyword, ...wording(violation) };
    });
}

/** An empty text breaks its pattern too, and of equal entries duplicateProblems names both. */
function isSaidElsewhere(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword === "uniqueItems") return true;
  return (
    error.keyword === "pattern" &&
    errors.some((other) => other.keyword === "minLength" && other.instancePath === error.instancePath)
  );
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
    message: `is missing (${(node?.description ?? "it is required").replace(/\.$/, "")}).`,
    suggestion: `Set it in the answers file, or with --set ${formatPath(path)}=….`,
  }),
  additionalProperties: ({ path }) => ({
    message: "is not an answer that eac-model knows.",
    suggestion: unknownSuggestion(path),
  }),
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
    suggestion: patternSuggestion({ path, node, value: String(value) }),
  }),
  minLength: ({ params, value }) => ({
    message: `is ${describeValue(value)}, and has to be ${params["limit"] === 1 ? "some text" : `at least ${String(params["limit"])} characters long`}.`,
  }),
  maxLength: ({ params, value }) => ({
    message: `is ${Array.from(String(value)).length} characters long; ${String(params["limit"])} are allowed.`,
  }),
  minimum: ({ params, value }) => ({
    message: `is ${describeValue(value)}; the least is ${String(params["limit"])}.`,
  }),
  maximum: ({ params, value }) => ({
    message: `is ${describeValue(value)}; the most is ${String(params["limit"])}.`,
  }),
  minItems: ({ params }) => ({ message: `needs at least ${String(params["limit"])} entries.` }),
  maxItems: ({ params }) => ({ message: `has more than ${String(params["limit"])} entries.` }),
};

/** The value as it was written, cut to a line's length; what stands before @ in an address may be a password. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "empty";
  if (typeof value === "object") return "a mapping";
  const text = (JSON.stringify(value) ?? "nothing").replace(/\/\/[^/@]*@/, "//***@");
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function unknownSuggestion(path: Violation["path"]): string {
  const key = String(path.at(-1));
  const known = Object.keys(schemaAt(path.slice(0, -1))?.properties ?? {});
  const guess = nearest(key, known);
  if (guess !== undefined) return `Did you mean ${guess}?`;
  if (/(^|_)(token|secret|password|pat)$/i.test(key))
    return "Leave it out: secrets are never answers. Set AZURE_DEVOPS_EXT_PAT in the environment.";
  return `Known here: ${known.join(", ")}.`;
}

interface BrokenText extends Pick<Violation, "path" | "node"> {
  readonly value: string;
}

function patternSuggestion({ path, node, value }: BrokenText): string | undefined {
  const longest = node?.maxLength ?? value.length;
  const key = path.at(-1);
  if (key === "model_name") return tryName(suggestModelName(value, longest));
  if (key === "name") return tryName(suggestName(value, longest));
  return key === "workspace_url" && URL.canParse(value)
    ? `Write https://${new URL(value).hostname}.`
    : undefined;
}

function tryName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `Try ${name}.`;
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
  if (value === null) return emptySuggestion(node);
  if (typeof value === "string") return textSuggestion(node, value);
  const isScalar = typeof value === "number" || typeof value === "boolean";
  return node?.type === "string" && isScalar ? `Quote it: "${String(value)}".` : undefined;
}

function emptySuggestion(node: SchemaNode | undefined): string {
  return node?.type === "string"
    ? `Write "" for none; quote a value that begins with #, which begins a comment otherwise.`
    : "Leave the whole line out for the default.";
}

function textSuggestion(node: SchemaNode | undefined, text: string): string | undefined {
  if (node?.type === "integer" && /^\d+$/.test(text)) return `Write it without quotes: ${text}.`;
  return node?.type === "array" ? `Write it as a list: [${text}].` : undefined;
}
