import { EacError, type Problem } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** No pipeline of that kind or file is in the repository. */
export function pipelineUnknown(name: string, known: readonly string[]): EacError {
  return new EacError({
    code: "EAC_PIPELINES_UNKNOWN",
    message: `${JSON.stringify(name)} is no pipeline of this repository and no file in it.`,
    hint: known.length === 0 ? "Name the file of a pipeline." : `Pipelines: ${known.join(", ")}.`,
    exitCode: exitCodes.usage,
  });
}

/** A pipeline cannot run as it is written; every finding is named with its file and line. */
export function pipelineInvalid(file: string, problems: readonly Problem[]): EacError {
  const count = problems.length === 1 ? "one finding" : `${problems.length} findings`;
  return new EacError({
    code: "EAC_PIPELINES_INVALID",
    message: `The pipeline ${file} was not started: ${count}.`,
    hint: "Correct the files, or the values of parameters (--parameter name=value), and run the command again; eac-model pipelines check shows the findings of every pipeline.",
    problems,
  });
}

/** A folder has nothing that could be judged. */
export function pipelinesMissing(folder: string): EacError {
  return new EacError({
    code: "EAC_PIPELINES_NONE",
    message: `There is no pipeline in ${folder}: neither azure-pipelines.yml nor one in pipelines/.`,
    hint: "Name the folder of a repository with pipelines: eac-model pipelines check DIR",
  });
}

/** A run would download what nothing on this machine has published; `word` is what runs the other pipeline, where it is one of the repository. */
export function pipelineResourceMissing(name: string, word: string | undefined): EacError {
  const missing = `The pipeline uses what ${name} publishes, and no run of ${name} has succeeded on this machine.`;
  return new EacError({
    code: "EAC_PIPELINES_RESOURCE_MISSING",
    message: `${missing} Nothing was started.`,
    hint:
      word === undefined
        ? `${name} is no pipeline of this repository, so nothing can take the place of its runs here.`
        : `Run it first, in the same folder: eac-model run ${word}`,
  });
}

/** The folder that keeps runs cannot be written. */
export function runsNotKept(folder: string, why: string): EacError {
  return new EacError({
    code: "EAC_PIPELINES_NOT_KEPT",
    message: `The run cannot be kept in ${folder}: ${why}.`,
    hint: "Make room or give yourself the right to write there, or set XDG_CACHE_HOME to another folder.",
  });
}

/** There is no commit that a run could check out. */
export function pipelineWithoutCommit(folder: string): EacError {
  return new EacError({
    code: "EAC_PIPELINES_NO_COMMIT",
    message: `${folder} has no commit, and a run checks a commit out.`,
    hint: "Name the folder of a git repository, or commit first.",
  });
}

/** The file with values of variable groups cannot be used. */
export function variableGroupsInvalid(file: string, why: string): EacError {
  return new EacError({
    code: "EAC_PIPELINES_GROUPS_INVALID",
    message: `${file} cannot be used: ${why}.`,
    hint: "Write one mapping for each variable group: its variables, each a text or {secret: …}; {secret: } takes the environment variable of that name.",
  });
}

/** The file with values of variable groups is in git, where everybody would read its secrets. */
export function variableGroupsTracked(file: string): EacError {
  return new EacError({
    code: "EAC_PIPELINES_GROUPS_TRACKED",
    message: `${file} is tracked by git, so its secrets would be shared with everybody who can read the repository.`,
    hint: `Take it out and keep it: git rm --cached ${file}; then add it to .gitignore, and renew the secrets that were committed.`,
  });
}
