import type { CommandSpec } from "./command.ts";
import { options, type OptionSpec } from "./options.ts";

/** The page behind `eac-model --help`. */
export function formatHelp(commands: readonly CommandSpec[]): string {
  const rows = commands.map(({ usage, summary }) => [usage, summary] as const);
  return [
    "Scaffold, provision and update machine-learning model repositories.",
    "",
    "Usage: eac-model <command> [options]",
    "",
    "Commands:",
    ...table(rows),
    "",
    "Options:",
    ...table([
      ["-h, --help", "Show help; after a command, the help of that command."],
      ["-v, --version", "Print the version."],
    ]),
    "",
  ].join("\n");
}

/** The page behind `eac-model <command> --help`. */
export function formatCommandHelp(command: CommandSpec): string {
  const rows = [...command.options, options.help].map(
    (spec) => [optionForm(spec), spec.description] as const,
  );
  return [
    command.summary,
    "",
    `Usage: eac-model ${command.usage} [options]`,
    "",
    "Options:",
    ...table(rows),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function optionForm({ name, short, value }: OptionSpec): string {
  return `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
