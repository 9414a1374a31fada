import type { ExitCode } from "../errors/exit-codes.ts";
import type { Context } from "./context.ts";
import type { OptionSpec } from "./options.ts";

/** The parsed words of one call. */
export interface CommandInput {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** What a command leaves behind: an exit code and the value that `--json` prints. */
export interface CommandOutcome {
  readonly exitCode: ExitCode;
  readonly value: unknown;
}

export type RunCommand = (input: CommandInput, context: Context) => Promise<CommandOutcome>;

/** A command's description; its code is loaded when it is called and not before. */
export interface CommandSpec {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly maxPositionals: number;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly load: () => Promise<RunCommand>;
}

/** The last value given for an option, as usual on command lines. */
export function optionValue(input: CommandInput, name: string): string | undefined {
  return input.values.get(name)?.at(-1);
}
