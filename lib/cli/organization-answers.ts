import type { AnswersInput } from "../answers/answers-input.ts";
import { optionValue, type CommandInput } from "./command.ts";

/** `--org` and `--project` as the answers that they stand for. */
export function organizationAnswers(input: CommandInput): AnswersInput {
  const organization_url = optionValue(input, "org");
  const project = optionValue(input, "project");
  if (organization_url === undefined && project === undefined) return {};
  return {
    azure_devops: {
      ...(organization_url === undefined ? {} : { organization_url }),
      ...(project === undefined ? {} : { project }),
    },
  };
}
