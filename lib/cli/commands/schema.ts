import { answersSchema } from "../../answers/answers-schema.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import type { RunCommand } from "../command.ts";

/** Prints the JSON Schema of the answers. */
export const runSchema: RunCommand = (_input, context) => {
  if (!context.json) context.output.write(`${JSON.stringify(answersSchema, undefined, 2)}\n`);
  return Promise.resolve({ exitCode: exitCodes.done, value: answersSchema });
};
