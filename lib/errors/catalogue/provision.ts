import { EacError, type Problem } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** The project of the answers is not in the organisation. */
export function projectMissing(organizationUrl: string, project: string): EacError {
  return new EacError({
    code: "EAC_PROVISION_PROJECT_MISSING",
    message: `The project ${JSON.stringify(project)} does not exist in ${organizationUrl}, or this credential may not see it. Nothing was created.`,
    hint: "Name the project with --project or the answer azure_devops.project.",
    exitCode: exitCodes.remoteFailed,
  });
}

/** The repository has a history that is not the one of this folder. */
export function repositoryForeign(name: string): EacError {
  return new EacError({
    code: "EAC_PROVISION_REPOSITORY_FOREIGN",
    message: `The repository ${JSON.stringify(name)} exists and holds commits that do not come from this folder. Nothing was created.`,
    hint: "Choose another name with the answer azure_devops.repository, or provision from a clone of that repository.",
  });
}

/** The repository is switched off. */
export function repositoryDisabled(name: string): EacError {
  return new EacError({
    code: "EAC_PROVISION_REPOSITORY_DISABLED",
    message: `The repository ${JSON.stringify(name)} exists and is disabled. Nothing was created.`,
    hint: "Enable it in the project's settings, or choose another name with the answer azure_devops.repository.",
  });
}

/** Variable groups of these names are for another environment, so for another model. */
export function variableGroupsForeign(
  model: string,
  groups: readonly { readonly name: string; readonly environment: string }[],
): EacError {
  return new EacError({
    code: "EAC_PROVISION_GROUP_FOREIGN",
    message: `The model ${JSON.stringify(model)} and another one have the same names for their environments. Nothing was created.`,
    hint: "Give the environment or the model another name. If the group is this model's after all, correct its variable ENVIRONMENT.",
    problems: groups.map(({ name, environment }) => ({
      path: name,
      rule: "foreign",
      message: `The variable group exists, and its variable ENVIRONMENT says ${JSON.stringify(environment)}.`,
    })),
  });
}

/** The repository of central templates, or the tag in it, is not there. */
export function platformTemplatesMissing(
  wanted: { readonly name: string; readonly tag: string; readonly project: string },
  why: string,
): EacError {
  const { name, tag, project } = wanted;
  return new EacError({
    code: "EAC_PROVISION_TEMPLATES_MISSING",
    message: `The pipelines take their templates from the repository ${JSON.stringify(name)} of the project ${JSON.stringify(project)} at ${tag}, and ${why}. Nothing was created.`,
    hint: `The platform team makes it once for each version: eac-model platform templates ${name}; or set the answer templates to copied.`,
    exitCode: exitCodes.remoteFailed,
  });
}

/** People or groups that the organisation does not know. */
export function peopleUnknown(problems: readonly Problem[]): EacError {
  return new EacError({
    code: "EAC_PROVISION_PEOPLE_UNKNOWN",
    message:
      "The organisation does not know some of the people or groups in the answers. Nothing was created.",
    hint: "Correct the names, or add the people to the organisation first: somebody who never signed in may be unknown to it.",
    exitCode: exitCodes.remoteFailed,
    problems,
  });
}

/** A step failed; the steps before it are done. */
export function provisionStopped(done: number, total: number, cause: Error): EacError {
  return new EacError({
    code: "EAC_PROVISION_STOPPED",
    message: `Provisioning stopped after ${done} of ${total} steps: ${cause.message}`,
    hint: [
      cause instanceof EacError ? cause.hint : undefined,
      "Run the same command again to continue; finished steps are skipped.",
    ]
      .filter((text) => text !== undefined)
      .join("\n"),
    exitCode:
      cause instanceof EacError && cause.exitCode === exitCodes.interrupted
        ? cause.exitCode
        : exitCodes.remoteFailed,
    cause,
  });
}
