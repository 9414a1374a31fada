import type { Output } from "../../lib/report/output.ts";

export interface CollectingOutput extends Output {
  text(): string;
  errorText(): string;
}

/** An output that keeps what is written instead of showing it. */
export function collectingOutput(
  options: { readonly isTerminal?: boolean; readonly useColour?: boolean } = {},
): CollectingOutput {
  const written: string[] = [];
  const errors: string[] = [];
  return {
    write: (text) => void written.push(text),
    writeError: (text) => void errors.push(text),
    isTerminal: options.isTerminal ?? false,
    useColour: options.useColour ?? false,
    text: () => written.join(""),
    errorText: () => errors.join(""),
  };
}
