import { stringify } from "yaml";
import type { Answers } from "./answers.ts";
import { answersSchema, type SchemaNode } from "./answers-schema.ts";
import { isMapping } from "./answers-input.ts";

const heading = "# The answers this repository was made from. Change them with eac-model, not by hand.\n";

/** The text of `.eac-model/answers.yml`: every answer in the order of the schema; readers of YAML 1.1, such as Python's, and 1.2 get the same answers. */
export function formatAnswers(answers: Answers): string {
  const ordered = inSchemaOrder(answers, answersSchema);
  return heading + stringify(ordered, { lineWidth: 0, schema: "core", compat: "yaml-1.1" });
}

function inSchemaOrder(value: unknown, node: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => inSchemaOrder(item, node?.items));
  if (!isMapping(value)) return value;
  const names = Object.keys(node?.properties ?? {}).filter((name) => value[name] !== undefined);
  return Object.fromEntries(
    names.map((name) => [name, inSchemaOrder(value[name], node?.properties?.[name])]),
  );
}
