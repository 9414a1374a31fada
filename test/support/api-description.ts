import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "data", "azure-devops", "openapi");

/** Whether the published API descriptions lie beside this project; checks that need them are skipped where they do not. */
export const hasApiDescriptions: boolean = existsSync(folder);

type Json = Record<string, unknown>;

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly definitions: Record<string, Json>;
}

interface Operation {
  readonly responses: Record<string, { readonly schema?: Json }>;
}

/** Properties that real answers have and the published descriptions forget. */
const undescribed = new Set([
  "_links",
  "$id",
  "continuationToken",
  // Recorded, and named in no description.
  "projectId",
  "identityUrl",
  "identity",
  "drafts",
  "isEnterpriseManaged",
  "quality",
  "pool",
  "settings",
  "timeout",
  // What an approval is for, as newer answers say it.
  "pipeline",
]);

/** Properties that one description calls text and the others, and real answers, an object. */
const misdescribed = new Set(["settings"]);

/** Types that are described as what a client makes of them, as anything, or only by their common base. */
const openTypes = new Set([
  "ReferenceLinks",
  "JObject",
  "IdentityDescriptor",
  "PropertiesCollection",
  "BuildProcess",
  "BuildTrigger",
  "PipelineConfiguration",
  "CheckConfigurationSettings",
  "GraphSubject",
  "Repository",
]);

let descriptions: readonly Description[] | undefined;

/** What an answer contradicts in the published description of its operation; `undefined` where no description has the operation. */
export function answerProblems(method: string, path: string, body: unknown): string[] | undefined {
  descriptions ??= readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name): Description => JSON.parse(readFileSync(join(folder, name), "utf8").replace(/^\uFEFF/, "")));
  const segments = segmentsOf(decodeURIComponent(path.split("?")[0] ?? ""));
  for (const form of formsOf(segments)) {
    for (const description of descriptions) {
      const operation = findOperation(description, method, form);
      if (operation !== undefined) return problemsOf(description, operation, body);
    }
  }
  return undefined;
}

/** The service leaves the project and the last parameter of most paths to the client; a description has one form only. */
function formsOf(segments: readonly string[]): readonly (readonly string[])[] {
  const isBare = segments[0]?.toLowerCase() === "_apis";
  return [segments, isBare ? ["any", ...segments] : segments.slice(1), [...segments, "any"]];
}

function findOperation({ paths }: Description, method: string, segments: readonly string[]) {
  const candidates = Object.entries(paths)
    .filter(([template]) => matches(segmentsOf(template).slice(1), segments))
    .toSorted(([left], [right]) => left.split("{").length - right.split("{").length);
  return candidates.map(([, operations]) => operations[method.toLowerCase()]).find(Boolean);
}

function problemsOf(description: Description, operation: Operation, body: unknown): string[] {
  const [, response] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
  if (response?.schema === undefined || body === undefined) return [];
  const isWrapped = isJson(body) && "count" in body && "value" in body;
  return check(description, response.schema, isWrapped ? body["value"] : body, "$");
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) =>
      part.startsWith("{")
        ? segments[index]?.toLowerCase() !== "_apis"
        : part.toLowerCase() === segments[index]?.toLowerCase(),
    )
  );
}

/** The few words of JSON Schema that the descriptions use; null stands for any missing value. */
function check(description: Description, schema: Json, value: unknown, at: string): string[] {
  if (value === null || value === undefined) return [];
  const { $ref: reference, enum: values, type } = schema;
  if (typeof reference === "string") return checkReference(description, reference, value, at);
  if (Array.isArray(values)) return checkEnum(values, value, at);
  if (type === "array") return checkList(description, schema, value, at);
  const scalar = typeof type === "string" ? scalars[type] : undefined;
  if (scalar === undefined) return checkObject(description, schema, value, at);
  return scalar(value) ? [] : [`${at} is no ${String(type)}`];
}

function checkReference(description: Description, reference: string, value: unknown, at: string): string[] {
  const name = reference.replace("#/definitions/", "");
  if (openTypes.has(name)) return [];
  return check(description, description.definitions[name] ?? {}, value, at);
}

function checkList(description: Description, schema: Json, value: unknown, at: string): string[] {
  const items = isJson(schema["items"]) ? schema["items"] : {};
  if (!Array.isArray(value)) return [`${at} is no list`];
  return value.flatMap((entry, index) => check(description, items, entry, `${at}[${index}]`));
}

const scalars: Record<string, (value: unknown) => boolean> = {
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
};

function checkEnum(values: readonly unknown[], value: unknown, at: string): string[] {
  const known = values.map((entry) => String(entry).toLowerCase());
  const parts = String(value).toLowerCase().split(", ");
  return typeof value === "number" || parts.every((part) => known.includes(part))
    ? []
    : [`${at} cannot be ${String(value)}`];
}

function checkObject(description: Description, schema: Json, value: unknown, at: string): string[] {
  const properties = propertiesOf(description, schema);
  if (Object.keys(properties).length === 0 && schema["additionalProperties"] === undefined) return [];
  if (!isJson(value)) return [`${at} is no object`];
  const more = schema["additionalProperties"];
  return Object.entries(value).flatMap(([name, entry]) => {
    const property = properties[name] ?? (isJson(more) ? more : undefined);
    if (misdescribed.has(name)) return [];
    if (property !== undefined) return check(description, property, entry, `${at}.${name}`);
    return undescribed.has(name) ? [] : [`${at}.${name} is not described`];
  });
}

function propertiesOf(description: Description, schema: Json): Record<string, Json> {
  const own = isJson(schema["properties"]) ? schema["properties"] : {};
  const bases = Array.isArray(schema["allOf"]) ? schema["allOf"] : [];
  const inherited = bases.flatMap((base: unknown) => {
    const name = isJson(base) ? String(base["$ref"]).replace("#/definitions/", "") : "";
    return Object.entries(propertiesOf(description, description.definitions[name] ?? {}));
  });
  const entries = Object.entries(own).flatMap(([name, property]) =>
    isJson(property) ? [[name, property]] : [],
  );
  return Object.fromEntries([...inherited, ...entries]);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
