import { EacError } from "../errors/eac-error.ts";
import { paint } from "./colour.ts";

export interface ErrorFormat {
  readonly useColour: boolean;
  /** Folders that must not appear in a stack trace, each with what is shown instead. */
  readonly redact: readonly { readonly text: string; readonly shown: string }[];
}

/** One message for the person in front of the screen: what happened, what to do; a stack only for our own bugs. */
export function formatError(error: unknown, format: ErrorFormat): string {
  if (error instanceof EacError) return formatExpected(error, format.useColour);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = format.redact.reduce(
    (text, { text: secret, shown }) => text.replaceAll(secret, shown),
    stack,
  );
  return [
    paint("This is a bug in generator-eac-model.", "red", format.useColour),
    "Please report it with the lines below; they contain no answers and no credentials.",
    "",
    shown,
    "",
  ].join("\n");
}

function formatExpected(error: EacError, useColour: boolean): string {
  const lines = [`${paint("error", "red", useColour)} ${error.message}`];
  for (const problem of error.problems) {
    const suggestion = problem.suggestion === undefined ? "" : ` ${problem.suggestion}`;
    lines.push(`  ${paint(problem.path, "bold", useColour)}: ${problem.message}${suggestion}`);
  }
  if (error.hint !== undefined) lines.push(error.hint);
  lines.push(paint(`(${error.code})`, "dim", useColour), "");
  return lines.join("\n");
}

/** The same for machines: the shape printed on standard output under `--json`. */
export function errorValue(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof EacError)) return { error: { code: "EAC_BUG", message: String(error) } };
  const { code, message, hint, problems } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }), problems } };
}
