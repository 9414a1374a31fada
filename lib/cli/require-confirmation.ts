import { confirmationMissing, declined } from "../errors/catalogue/cli.ts";
import { confirm } from "./ask.ts";
import type { CommandInput } from "./command.ts";
import type { Context } from "./context.ts";

/** A plan that changes Azure DevOps needs `--yes`, or a yes in the terminal; `what` begins the refusal. */
export async function requireConfirmation(
  input: CommandInput,
  context: Context,
  what: string,
): Promise<void> {
  if (input.flags.has("yes")) return;
  if (context.ask === undefined) throw confirmationMissing(what);
  if (!(await confirm(context.ask, "Apply this plan?"))) throw declined();
}
