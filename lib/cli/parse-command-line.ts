import { parseArgs } from "node:util";
import { wrongUsage } from "../errors/catalogue/cli.ts";
import type { CommandInput, CommandSpec } from "./command.ts";
import { nearest } from "../errors/nearest.ts";
import { options, type OptionSpec } from "./options.ts";

interface OptionToken {
  readonly rawName: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** Parses the words after the command's name; everything that is wrong with them is one usage error. */
export function parseCommandLine(command: CommandSpec, words: readonly string[]): CommandInput {
  const known = new Map<string, OptionSpec>(
    [...command.options, options.help].map((spec) => [spec.name, spec]),
  );
  const { tokens, positionals } = tokenize(words, known);
  const problems = tokens.flatMap((token) => checkToken(token, known));
  if (positionals.length > command.maxPositionals) {
    problems.push(`unexpected argument ${JSON.stringify(positionals[command.maxPositionals])}`);
  }
  if (problems.length > 0) {
    throw wrongUsage(
      `eac-model ${command.name}: ${problems.join("; ")}.`,
      `See eac-model ${command.name} --help`,
    );
  }
  return collect(tokens, positionals);
}

function tokenize(
  words: readonly string[],
  known: ReadonlyMap<string, OptionSpec>,
): {
  readonly tokens: readonly OptionToken[];
  readonly positionals: readonly string[];
} {
  const shape = [...known.values()].map((spec) => [
    spec.name,
    {
      type: spec.value === undefined ? ("boolean" as const) : ("string" as const),
      multiple: true,
      ...(spec.short === undefined ? {} : { short: spec.short }),
    },
  ]);
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options: Object.fromEntries(shape),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return { tokens: tokens.flatMap((token) => (token.kind === "option" ? [token] : [])), positionals };
}

function checkToken(token: OptionToken, known: ReadonlyMap<string, OptionSpec>): string[] {
  const spec = known.get(token.name);
  if (spec === undefined) {
    const guess = nearest(token.name, [...known.keys()]);
    return [`unknown option ${token.rawName}${guess === undefined ? "" : `, did you mean --${guess}?`}`];
  }
  if (spec.value !== undefined && lacksValue(token)) {
    return [`${token.rawName} needs a value (${spec.value})`];
  }
  if (spec.value === undefined && token.value !== undefined) return [`${token.rawName} takes no value`];
  return [];
}

/** `--answers --yes`: the next option is no value; one that begins so is written `--answers=--yes`. */
function lacksValue({ value, inlineValue }: OptionToken): boolean {
  return value === undefined || value === "" || (inlineValue === false && value.startsWith("--"));
}

function collect(tokens: readonly OptionToken[], positionals: readonly string[]): CommandInput {
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  for (const { name, value } of tokens) {
    if (value === undefined) flags.add(name);
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  return { positionals, flags, values };
}
