import Generator, { type BaseOptions } from "yeoman-generator";
import { isForcedClose, type Ask } from "../../lib/cli/ask.ts";
import type { CommandInput } from "../../lib/cli/command.ts";
import { findCommand } from "../../lib/cli/commands.ts";
import { createContext } from "../../lib/cli/context.ts";
import type { OptionSpec } from "../../lib/cli/options.ts";
import { runReported } from "../../lib/cli/run.ts";
import { interrupted } from "../../lib/errors/catalogue/scaffold.ts";

const command = findCommand("init");

/** `yo eac-model [folder]`: the init command, asking its questions through Yeoman. */
export default class AppGenerator extends Generator {
  constructor(args: string[], options: BaseOptions) {
    super(args, options, { customCommitTask: true, customInstallTask: true });
    this.description = command.summary;
    this.argument("folder", { type: String, required: false, description: "Folder of the new repository." });
    for (const option of command.options) this.option(positiveName(option.name), yeomanOption(option));
  }

  /** The one task: everything is planned before anything is written, so Yeoman's phases have nothing to divide. */
  async writing(): Promise<void> {
    const context = createContext(this.#option("json") === true);
    const ask = context.ask === undefined ? undefined : this.#ask();
    process.exitCode = await runReported(command, this.#input(), { ...context, ask });
  }

  #ask(): Ask {
    return async (questions) => {
      try {
        return await this.prompt([...questions]);
      } catch (error) {
        throw isForcedClose(error) ? interrupted() : error;
      }
    };
  }

  #input(): CommandInput {
    const folder = this.#option("folder");
    const switches = command.options.filter(
      (option) => option.value === undefined && this.#isOn(option.name),
    );
    const values = command.options.filter(
      ({ name, value }) => value !== undefined && this.#option(name) !== undefined,
    );
    return {
      positionals: typeof folder === "string" ? [folder] : [],
      flags: new Set(switches.map(({ name }) => name)),
      values: new Map(values.map(({ name }) => [name, [this.#option(name)].flat().map(String)])),
    };
  }

  #isOn(name: string): boolean {
    return this.#option(positiveName(name)) === !name.startsWith("no-");
  }

  /** Yeoman keeps an option under its own name or in camel case, depending on how it was given. */
  #option(name: string): unknown {
    const camelCase = name.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
    return Reflect.get(this.options, name) ?? Reflect.get(this.options, camelCase);
  }
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
