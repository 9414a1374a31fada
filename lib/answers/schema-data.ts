import { readFileSync } from "node:fs";
import type { SchemaNode } from "./answers-schema.ts";

/** The parsed answers.schema.json; the build replaces this module by the data itself (scripts/build.mjs). */
export const schemaData: SchemaNode = JSON.parse(
  readFileSync(new URL("answers.schema.json", import.meta.url), "utf8"),
);
