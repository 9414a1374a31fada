import { homedir } from "node:os";
import { EacError } from "../errors/eac-error.ts";
import { exitCodes, type ExitCode } from "../errors/exit-codes.ts";
import { errorValue, formatError } from "../report/format-error.ts";
import type { CommandInput, CommandSpec } from "./command.ts";
import { commands, findCommand } from "./commands.ts";
import { createContext, type Context } from "./context.ts";
import { formatCommandHelp, formatHelp } from "./help.ts";
import { parseCommandLine } from "./parse-command-line.ts";

/** Runs one call of the command line and answers its exit code; never throws and never ends the process. */
export async function run(words: readonly string[]): Promise<ExitCode> {
  const context = createContext(words.includes("--json"));
  return await reported(context, () => dispatch(words, context));
}

/** Runs one command with its input given, as `run` does with words. */
export async function runReported(
  command: CommandSpec,
  input: CommandInput,
  context: Context,
): Promise<ExitCode> {
  return await reported(context, () => runCommand(command, input, context));
}

/** Errors become one message on standard error, or one JSON document; Ctrl-C asks the work to stop at a safe point. */
async function reported(context: Context, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const onInterrupt = (): void => context.stop.abort();
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    return await work();
  } catch (error) {
    return fail(error, context);
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

async function dispatch(words: readonly string[], context: Context): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const [topic] = rest;
    context.output.write(topic === undefined ? formatHelp(commands) : formatCommandHelp(findCommand(topic)));
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = findCommand(name);
  const input = parseCommandLine(command, rest);
  if (!input.flags.has("help")) return await runCommand(command, input, context);
  context.output.write(formatCommandHelp(command));
  return exitCodes.done;
}

async function runCommand(command: CommandSpec, input: CommandInput, context: Context): Promise<ExitCode> {
  const execute = await command.load();
  const outcome = await execute(input, context);
  if (context.json) context.output.write(`${JSON.stringify(outcome.value, undefined, 2)}\n`);
  return outcome.exitCode;
}

function fail(error: unknown, context: Context): ExitCode {
  const { output } = context;
  if (context.json) output.write(`${JSON.stringify(errorValue(error), undefined, 2)}\n`);
  else output.writeError(formatError(error, { useColour: output.useColour, redact: redactions(context) }));
  return error instanceof EacError ? error.exitCode : exitCodes.bug;
}

function redactions(context: Context): readonly { readonly text: string; readonly shown: string }[] {
  const { credential, environ } = context;
  const secrets = [credential?.secret.reveal() ?? "", environ["AZURE_CLIENT_SECRET"] ?? ""];
  return [
    ...secrets.filter((text) => text !== "").map((text) => ({ text, shown: "***" })),
    { text: context.cwd, shown: "." },
    { text: homedir(), shown: "~" },
  ];
}
