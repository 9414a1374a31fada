import type { ErrorObject } from "ajv";
import type { Answers } from "./answers.ts";
import { validate } from "./compiled-schema.ts";

export interface SchemaVerdict {
  /** The answers, when nothing is wrong. */
  readonly answers: Answers | undefined;
  readonly errors: readonly ErrorObject[];
}

/** Fills the defaults into `candidate`, a copy the caller owns, and reports every violation of the schema. */
export function validateSchema(candidate: unknown): SchemaVerdict {
  if (validate(candidate)) return { answers: candidate, errors: [] };
  return { answers: undefined, errors: validate.errors ?? [] };
}
