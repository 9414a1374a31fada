import type Generator from "yeoman-generator";
import { isForcedClose, type Ask } from "../lib/cli/ask.ts";
import type { CommandInput, CommandSpec } from "../lib/cli/command.ts";
import { createContext } from "../lib/cli/context.ts";
import type { OptionSpec } from "../lib/cli/options.ts";
import { runReported } from "../lib/cli/run.ts";
import { interrupted } from "../lib/errors/catalogue/scaffold.ts";

/** Gives a generator the description, the folder and the options of a command. */
export function declareCommand(generator: Generator, command: CommandSpec, folder: string): void {
  generator.description = command.summary;
  generator.argument("folder", { type: String, required: false, description: folder });
  for (const option of command.options) generator.option(positiveName(option.name), yeomanOption(option));
}

/**
 * Runs a command with the options that Yeoman read, asking its questions through Yeoman.
 * It is the one task of a generator: everything is planned before anything is written, so Yeoman's phases have nothing to divide.
 */
export async function runCommand(generator: Generator, command: CommandSpec): Promise<void> {
  const context = createContext(optionOf(generator, "json") === true);
  const ask = context.ask === undefined ? undefined : askThrough(generator);
  process.exitCode = await runReported(command, inputOf(generator, command), { ...context, ask });
}

function askThrough(generator: Generator): Ask {
  return async (questions) => {
    try {
      return await generator.prompt([...questions]);
    } catch (error) {
      throw isForcedClose(error) ? interrupted() : error;
    }
  };
}

function inputOf(generator: Generator, { options }: CommandSpec): CommandInput {
  const folder = optionOf(generator, "folder");
  const switches = options.filter((option) => option.value === undefined && isOn(generator, option.name));
  const values = options.filter(
    ({ name, value }) => value !== undefined && optionOf(generator, name) !== undefined,
  );
  return {
    positionals: typeof folder === "string" ? [folder] : [],
    flags: new Set(switches.map(({ name }) => name)),
    values: new Map(values.map(({ name }) => [name, [optionOf(generator, name)].flat().map(String)])),
  };
}

function isOn(generator: Generator, name: string): boolean {
  return optionOf(generator, positiveName(name)) === !name.startsWith("no-");
}

/** Yeoman keeps an option under its own name or in camel case, depending on how it was given. */
function optionOf(generator: Generator, name: string): unknown {
  const camelCase = name.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return Reflect.get(generator.options, name) ?? Reflect.get(generator.options, camelCase);
}

/** Yeoman takes `--no-x` for the negation of an option `x`. */
function positiveName(name: string): string {
  return name.replace(/^no-/, "");
}

function yeomanOption({ name, value, short, description }: OptionSpec): Parameters<Generator["option"]>[1] {
  const isNegation = name.startsWith("no-");
  return {
    description: isNegation ? `--${name}: ${description}` : description,
    type: value === undefined ? Boolean : String,
    ...(short === undefined ? {} : { alias: short }),
    ...(isNegation ? { default: true } : {}),
  };
}
