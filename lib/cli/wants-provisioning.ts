import type { Answers } from "../answers/answers.ts";
import type { CommandInput } from "./command.ts";

/** Whether init goes on to Azure DevOps: an organisation is named and nothing says no. */
export function wantsProvisioning(input: CommandInput, answers: Answers): boolean {
  if (input.flags.has("no-provision")) return false;
  return input.flags.has("local") || answers.azure_devops.organization_url !== "";
}
