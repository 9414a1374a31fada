import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

const tryAgain = "To try again: eac-model local stop, then start.";

/** The process of the local organisation ended or did not answer in time. */
export function localNotStarted(folder: string, log: string): EacError {
  const words = log.trim().replace(/\.$/, "");
  return new EacError({
    code: "EAC_LOCAL_NOT_STARTED",
    message: `The local organisation did not start${words === "" ? "" : `: ${words}`}.`,
    hint: `Its state is in ${folder}; free the port, or choose another folder with --folder, and start it again.`,
    exitCode: exitCodes.remoteFailed,
  });
}

/** The state file of the local organisation cannot be used. */
export function localStateInvalid(path: string, why: string): EacError {
  return new EacError({
    code: "EAC_LOCAL_STATE_INVALID",
    message: `The state of the local organisation cannot be read: ${path}: ${why}.`,
    hint: "Restore the file from a backup, install the version of eac-model that wrote it, or start with another folder.",
  });
}

/** The installed git cannot refuse pushes to protected branches. */
export function localGitTooOld(version: string, oldest: string): EacError {
  return new EacError({
    code: "EAC_LOCAL_GIT_TOO_OLD",
    message: `The local organisation needs git ${oldest} or newer to protect branches; this is ${version}.`,
    hint: "Update git (https://git-scm.com/downloads) and start the local organisation again.",
  });
}

/** The folder of the local organisation cannot be made or written to. */
export function localFolderUnusable(folder: string, cause: unknown): EacError {
  return new EacError({
    code: "EAC_LOCAL_FOLDER_UNUSABLE",
    message: `The local organisation cannot use ${folder}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: "Choose a folder that you may write to with --folder.",
    cause,
  });
}

/** The local organisation did not make a project that was asked for. */
export function localProjectRefused(name: string, why: string): EacError {
  return new EacError({
    code: "EAC_LOCAL_PROJECT_REFUSED",
    message: `The local organisation did not make the project ${JSON.stringify(name)}: ${why.replace(/\.$/, "")}.`,
    hint: "Use a name of at most 64 letters, digits, spaces, hyphens and inner dots.",
    exitCode: exitCodes.remoteFailed,
  });
}

/** No run of the local organisation waits for the approval that was to be given. */
export function localNothingToApprove(others: readonly string[]): EacError {
  return new EacError({
    code: "EAC_LOCAL_NOTHING_TO_APPROVE",
    message: "No run waits for this approval.",
    hint:
      others.length === 0
        ? "Nothing waits at all; look at the runs on the pages of the local organisation."
        : `What waits: ${others.join(", ")}.`,
    exitCode: exitCodes.preconditionFailed,
  });
}

/** The local organisation did not take an approval. */
export function localApprovalRefused(
  { run, environment }: { readonly run: number; readonly environment: string },
  why: string,
): EacError {
  return new EacError({
    code: "EAC_LOCAL_APPROVAL_REFUSED",
    message: `The approval of run ${run} for ${environment} was not taken: ${why.replace(/\.$/, "")}.`,
    hint: "Look at who may approve on the page of the environments, or add an approver.",
    exitCode: exitCodes.remoteFailed,
  });
}

/** There is no Python that could run MLflow and notebooks. */
export function localPythonMissing(): EacError {
  return new EacError({
    code: "EAC_LOCAL_PYTHON_MISSING",
    message: "No Python 3.10 or newer, with venv, was found on the PATH.",
    hint: `Install Python (https://www.python.org/downloads; on Debian and Ubuntu also python3-venv). ${tryAgain}`,
  });
}

/** The Python environment of MLflow and notebooks could not be made. */
export function localPythonNotPrepared(log: string, why: string): EacError {
  const words = why.trim().replace(/\.$/, "");
  return new EacError({
    code: "EAC_LOCAL_PYTHON_NOT_PREPARED",
    message: `Its Python packages were not installed${words === "" ? "" : `: ${words}`}.`,
    hint: `The whole output is in ${log}. Set up pip for your package index (PIP_INDEX_URL or pip.conf). ${tryAgain}`,
    exitCode: exitCodes.remoteFailed,
  });
}

/** This system has no process groups and no sockets in the file system for Python. */
export function localPlatformUnsupported(): EacError {
  return new EacError({
    code: "EAC_LOCAL_PLATFORM_UNSUPPORTED",
    message: "It runs on Linux and macOS only.",
    hint: "Use the Windows Subsystem for Linux.",
  });
}

/** The MLflow server ended, or did not answer in time. */
export function localMlflowFailed(why: string, log: string): EacError {
  return new EacError({
    code: "EAC_LOCAL_MLFLOW_FAILED",
    message: `The MLflow server ${why}.`,
    hint: `Its output is in ${log}. ${tryAgain}`,
    exitCode: exitCodes.remoteFailed,
  });
}
