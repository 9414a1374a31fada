import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Answers } from "./answers.ts";
import { answersSchema } from "./answers-schema.ts";

let compiled: ValidateFunction<Answers> | undefined;

export interface SchemaVerdict {
  /** The answers, when nothing is wrong. */
  readonly answers: Answers | undefined;
  readonly errors: readonly ErrorObject[];
}

/** Fills the defaults into `candidate`, a copy the caller owns, and reports every violation of the schema. */
export function validateSchema(candidate: unknown): SchemaVerdict {
  compiled ??= compile();
  if (compiled(candidate)) return { answers: candidate, errors: [] };
  return { answers: undefined, errors: compiled.errors ?? [] };
}

function compile(): ValidateFunction<Answers> {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true });
  ajv.addVocabulary(["x-rule", "x-prompt"]);
  return ajv.compile<Answers>(answersSchema);
}
