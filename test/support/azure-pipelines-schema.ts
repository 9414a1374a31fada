import { Ajv, type ValidateFunction } from "ajv";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "data", "azure-pipelines");

/** Whether the published schema lies beside this project; tests that need it are skipped where it does not. */
export const hasPipelinesSchema: boolean = existsSync(join(folder, "schema.json"));

type Json = Record<string, unknown>;
type Kind = "pipeline" | "variablesTemplate" | "stagesTemplate" | "jobsTemplate" | "stepsTemplate";

const expressions = String.raw`\$\{\{|\$\(|\$\[`;

/** Every complaint about one pipeline or template: the published schema, the inputs of its tasks, and stricter rules of ours. */
export function pipelineProblems(text: string): string[] {
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map((error) => error.message);
  const value: unknown = document.toJS();
  if (!isJson(value)) return [...problems, "the file is no mapping"];
  const validate = validator(kindOf(value));
  if (!validate(value)) {
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "anyOf");
    problems.push(...new Set(errors.map((error) => `${error.instancePath}: ${error.message}`)));
  }
  return [...problems, ...taskProblems(value), ...stricterProblems(value)];
}

function kindOf(value: Json): Kind {
  if ("trigger" in value || "resources" in value) return "pipeline";
  if ("stages" in value) return "stagesTemplate";
  if ("jobs" in value) return "jobsTemplate";
  return "steps" in value ? "stepsTemplate" : "variablesTemplate";
}

const validators = new Map<Kind, ValidateFunction>();
let ajv: Ajv | undefined;

function validator(kind: Kind): ValidateFunction {
  ajv ??= new Ajv({ strict: false, unicodeRegExp: false, allErrors: true }).addSchema(
    adjustedSchema(),
    "pipelines",
  );
  const known = validators.get(kind) ?? ajv.compile({ $ref: `pipelines#/definitions/${kind}` });
  validators.set(kind, known);
  return known;
}

/** The published schema, made to mean what the service does: see the names of the helpers. */
function adjustedSchema(): Json {
  const schema: { $id?: string; readonly definitions: Record<string, Json> } = JSON.parse(
    readFileSync(join(folder, "schema.json"), "utf8"),
  );
  const { definitions } = schema;
  definitions["task"] = anyTask(definitions["taskBase"] ?? {});
  definitions["branchFilter"] = { type: "string", minLength: 1 };
  delete schema.$id;
  return textualMapping(schema);
}

/** Tasks are checked against their own descriptions, which the schema holds only in part. */
function anyTask(base: Json): Json {
  const properties = {
    ...(isJson(base["properties"]) ? base["properties"] : {}),
    task: { type: "string", pattern: String.raw`^[\w.-]+@\d+$` },
    inputs: { type: "object" },
  };
  return { ...base, properties, required: ["task"], additionalProperties: false };
}

/** The failsafe reading of YAML gives only text, and expressions may stand for any text. */
function textual(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((entry) => textual(entry));
  return isJson(node) ? textualMapping(node) : node;
}

function textualMapping(node: Json): Json {
  const copy: Json = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, textual(value)]));
  if (copy["type"] === "boolean") return { type: "string", pattern: `^(?:true|false)$|${expressions}` };
  if (copy["type"] === "integer" || copy["type"] === "number") {
    return { type: "string", pattern: String.raw`^\d+$|${expressions}` };
  }
  if (typeof copy["pattern"] === "string") copy["pattern"] = `(?:${copy["pattern"]})|${expressions}`;
  if (Array.isArray(copy["enum"])) {
    return { anyOf: [copy, { type: "string", pattern: expressions }] };
  }
  return copy;
}

export interface TaskInput {
  readonly required?: boolean;
  readonly default?: unknown;
  readonly aliases?: readonly string[];
  readonly options?: readonly string[];
  /** Whether other values than the options may be written. */
  readonly editable?: boolean;
  readonly visibleRule?: string;
}

/** The published inputs of a task, by their names. */
export function publishedTask(name: string): Readonly<Record<string, TaskInput>> {
  const known: { readonly tasks: Record<string, { readonly inputs: Record<string, TaskInput> }> } =
    JSON.parse(readFileSync(join(folder, "tasks.json"), "utf8"));
  return known.tasks[name]?.inputs ?? {};
}

function taskProblems(root: Json): string[] {
  const known: {
    readonly tasks: Record<string, { readonly inputs: Record<string, TaskInput> }>;
  } = JSON.parse(readFileSync(join(folder, "tasks.json"), "utf8"));
  return mappings(root)
    .filter((step) => typeof step["task"] === "string")
    .flatMap((step) => {
      const task = known.tasks[String(step["task"])];
      if (task === undefined) return [`${String(step["task"])}: no such task`];
      return inputProblems(String(step["task"]), isJson(step["inputs"]) ? step["inputs"] : {}, task.inputs);
    });
}

function inputProblems(task: string, given: Json, known: Record<string, TaskInput>): string[] {
  const canonical = new Map(
    Object.entries(known).flatMap(([name, { aliases = [] }]) =>
      [name, ...aliases].map((spelling) => [spelling, name] as const),
    ),
  );
  const used = new Set(Object.keys(given).map((name) => canonical.get(name)));
  const unknown = Object.keys(given).filter((name) => !canonical.has(name));
  const missing = Object.entries(known).filter(([name, input]) => isNeeded(input) && !used.has(name));
  const wrong = Object.entries(given).filter(([name, value]) => {
    const options = known[canonical.get(name) ?? ""]?.options;
    return options !== undefined && !options.includes(String(value));
  });
  return [
    ...unknown.map((name) => `${task}: no input ${name}`),
    ...missing.map(([name]) => `${task}: the input ${name} is missing`),
    ...wrong.map(([name, value]) => `${task}: ${name} cannot be ${String(value)}`),
  ];
}

function isNeeded(input: TaskInput): boolean {
  return input.required === true && input.default === undefined && input.visibleRule === undefined;
}

/** What the schema lets through and the service refuses. */
function stricterProblems(root: Json): string[] {
  const nodes = mappings(root);
  const incomplete = nodes.filter(
    (node) => "deployment" in node && !("environment" in node && "strategy" in node),
  );
  const misnamed = nodes
    .flatMap((node) => [node["stage"], node["job"], node["deployment"]])
    .filter((name) => typeof name === "string" && !/^[A-Za-z_]\w*$/.test(name));
  const untimed = nodes
    .map((node) => node["timeoutInMinutes"])
    .filter((minutes) => typeof minutes === "string" && !/^\d+$|\$\{\{/.test(minutes));
  return [
    ...incomplete.map((job) => `the deployment ${String(job["deployment"])} lacks environment or strategy`),
    ...misnamed.map((name) => `${String(name)} is no name`),
    ...untimed.map((minutes) => `the timeout ${String(minutes)} is no number`),
  ];
}

function mappings(node: unknown): Json[] {
  if (Array.isArray(node)) return node.flatMap((entry) => mappings(entry));
  if (!isJson(node)) return [];
  return [node, ...Object.values(node).flatMap((value) => mappings(value))];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
