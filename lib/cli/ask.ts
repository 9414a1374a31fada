import { interrupted } from "../errors/catalogue/scaffold.ts";
import type { Ask, Confirmation } from "../scaffold/collect-answers.ts";

export type { Ask };

/** Asks in the terminal, through inquirer as Yeoman sets it up; Ctrl-C ends the command with nothing written. */
export const askInTerminal: Ask = async (questions) => {
  const { TerminalAdapter } = await import("@yeoman/adapter");
  const adapter = new TerminalAdapter();
  try {
    return await adapter.prompt([...questions]);
  } catch (error) {
    throw isForcedClose(error) ? interrupted() : error;
  } finally {
    adapter.close();
  }
};

/** A yes-or-no question; true for yes. */
export async function confirm(ask: Ask, message: string): Promise<boolean> {
  const question: Confirmation = { type: "confirm", name: "confirmed", message, default: true };
  return (await ask([question]))["confirmed"] === true;
}

/** What inquirer throws for Ctrl-C, and Yeoman for a prompt that it closed. */
export function isForcedClose(error: unknown): boolean {
  return error instanceof Error && (error.name === "ExitPromptError" || error.name === "AbortPromptError");
}
