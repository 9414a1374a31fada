import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** The words on the command line are not of the command's form. */
export function wrongUsage(message: string, hint: string): EacError {
  return new EacError({ code: "EAC_CLI_USAGE", message, hint, exitCode: exitCodes.usage });
}

/** A change needs a yes, and there is no terminal to ask in. */
export function confirmationMissing(what: string): EacError {
  return new EacError({
    code: "EAC_CLI_CONFIRMATION_MISSING",
    message: `${what} needs your confirmation, and there is no terminal to ask in. Nothing was changed.`,
    hint: "Add --yes to confirm, or --dry-run to see the plan only.",
  });
}

/** The user answered no. */
export function declined(): EacError {
  return new EacError({
    code: "EAC_CLI_DECLINED",
    message: "Stopped: the plan was not confirmed. Nothing was changed.",
  });
}

/** The folder is not a repository made by eac-model. */
export function notAModelRepository(folder: string): EacError {
  return new EacError({
    code: "EAC_CLI_NOT_A_MODEL_REPOSITORY",
    message: `${folder} is not a model repository: it has no .eac-model/answers.yml.`,
    hint: "Name the folder of a repository made by eac-model init, or make one first: eac-model init my-model",
  });
}

/** No Azure DevOps organisation is known to work with. */
export function organisationMissing(): EacError {
  return new EacError({
    code: "EAC_CLI_ORGANISATION_MISSING",
    message: "No Azure DevOps organisation is named: neither an answer, nor --org, nor --local.",
    hint: "Add --org https://dev.azure.com/<organisation>, or --local for the organisation on this machine.",
    exitCode: exitCodes.answersInvalid,
  });
}

/** A credential is needed and no variable holds one. */
export function credentialMissing(organizationUrl: string): EacError {
  return new EacError({
    code: "EAC_CLI_CREDENTIAL_MISSING",
    message: `No credential for ${organizationUrl}: neither AZURE_DEVOPS_EXT_PAT nor SYSTEM_ACCESSTOKEN is set.`,
    hint: "Set AZURE_DEVOPS_EXT_PAT to a personal access token (scopes: docs/how-to/provision-a-project.md) and run the command again. Microsoft Entra ID (az login) is asked for organisations at https://dev.azure.com only.",
  });
}

/** `--local` was given and no local organisation runs. */
export function localNotRunning(): EacError {
  return new EacError({
    code: "EAC_CLI_LOCAL_NOT_RUNNING",
    message: "The local organisation is not running.",
    hint: "Start it with: eac-model local start",
  });
}
