import { homedir } from "node:os";
import { wrongUsage } from "../errors/catalogue/cli.ts";
import { EacError } from "../errors/eac-error.ts";
import { exitCodes, type ExitCode } from "../errors/exit-codes.ts";
import { errorValue, formatError } from "../report/format-error.ts";
import type { CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import { createContext, type Context } from "./context.ts";
import { formatCommandHelp, formatHelp } from "./help.ts";
import { nearest } from "../errors/nearest.ts";
import { parseCommandLine } from "./parse-command-line.ts";

/** Runs one call of the command line and answers its exit code; never throws and never ends the process. */
export async function run(words: readonly string[]): Promise<ExitCode> {
  const stop = new AbortController();
  const context = createContext(words.includes("--json"), stop.signal);
  const onInterrupt = (): void => stop.abort();
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    return await dispatch(words, context);
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
  if (input.flags.has("help")) {
    context.output.write(formatCommandHelp(command));
    return exitCodes.done;
  }
  const runCommand = await command.load();
  const outcome = await runCommand(input, context);
  if (context.json) context.output.write(`${JSON.stringify(outcome.value, undefined, 2)}\n`);
  return outcome.exitCode;
}

function findCommand(name: string): CommandSpec {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  const guess = nearest(name, names);
  throw wrongUsage(
    `${JSON.stringify(name)} is not a command of eac-model.`,
    guess === undefined ? `Commands: ${names.join(", ")}.` : `Did you mean eac-model ${guess}?`,
  );
}

function fail(error: unknown, context: Context): ExitCode {
  if (context.json) context.output.write(`${JSON.stringify(errorValue(error), undefined, 2)}\n`);
  else
    context.output.writeError(
      formatError(error, { useColour: context.output.useColour, redact: redactions(context) }),
    );
  return error instanceof EacError ? error.exitCode : exitCodes.bug;
}

function redactions(context: Context): readonly { readonly text: string; readonly shown: string }[] {
  const secret = context.credential?.secret.reveal();
  return [
    ...(secret === undefined ? [] : [{ text: secret, shown: "***" }]),
    { text: context.cwd, shown: "." },
    { text: homedir(), shown: "~" },
  ];
}
