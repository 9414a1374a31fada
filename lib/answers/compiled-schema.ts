import { Ajv, type ValidateFunction } from "ajv";
import type { Answers } from "./answers.ts";
import { answersSchema } from "./answers-schema.ts";

/**
 * The schema as a function that fills in defaults and leaves what it found in `errors`.
 * Compiling costs more time than a whole run of the command, so the build replaces this module by its result (scripts/build.mjs).
 */
export const validate: ValidateFunction<Answers> = compile();

function compile(): ValidateFunction<Answers> {
  const ajv = new Ajv({ allErrors: true, useDefaults: true });
  ajv.addVocabulary(["x-rule", "x-prompt"]);
  return ajv.compile<Answers>(answersSchema);
}
