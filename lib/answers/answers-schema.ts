import { schemaData } from "./schema-data.ts";

/** One node of answers.schema.json, as far as this project looks into it. */
export interface SchemaNode {
  readonly type?: "string" | "integer" | "array" | "object";
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  /** What `pattern` asks for, in words. */
  readonly "x-rule"?: string;
  /** Present on the answers that a person is asked for. */
  readonly "x-prompt"?: { readonly order: number; readonly message: string };
}

/** The JSON Schema of the answers: the only description of an answer. */
export const answersSchema: SchemaNode = schemaData;

/** The node at a path such as `["environments", 0, "name"]`, or undefined where the schema has none. */
export function schemaAt(path: readonly (string | number)[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = answersSchema;
  for (const key of path) {
    if (node === undefined) return undefined;
    node = typeof key === "number" ? node.items : ownProperty(node.properties ?? {}, key);
  }
  return node;
}

function ownProperty<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
