import type { Answers } from "../../answers/answers.ts";
import { corePipelines } from "../../answers/pipelines.ts";
import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { pipelineInvalid, pipelineWithoutCommit } from "../../errors/catalogue/pipelines.ts";
import { GitError } from "../../git/git-error.ts";
import { runGit } from "../../git/run-git.ts";
import type { PipelineModel } from "../../pipelines/pipeline-model.ts";
import type { PipelineProblem } from "../../pipelines/problem.ts";
import type { RunRequest } from "../../pipelines/run/run-types.ts";
import { validatePipeline } from "../../pipelines/validate/validate-pipeline.ts";
import type { FoundPipeline } from "./find-pipeline.ts";
import { readersFor, type OtherRepositories } from "./pipeline-files.ts";
import { pipelineResources } from "./require-resources.ts";
import type { RunStore } from "./run-store.ts";

/** `--parameter name=value`, as often as there are parameters. */
export function readParameterOptions(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf("=");
      if (end > 0) return [text.slice(0, end).trim(), text.slice(end + 1)];
      throw wrongUsage(
        `--parameter needs name=value, not ${JSON.stringify(text)}.`,
        "See eac-model run --help",
      );
    }),
  );
}

export type Source = RunRequest["source"] & { readonly hasChanges: boolean };

/** The commit that a run in a folder checks out. */
export async function readSource(folder: string): Promise<Source> {
  try {
    const top = (await runGit(folder, ["rev-parse", "--show-toplevel"])).trim();
    const commit = (await runGit(folder, ["rev-parse", "--verify", "HEAD"])).trim();
    const branch = (await runGit(folder, ["rev-parse", "--abbrev-ref", "HEAD"])).trim();
    const status = await runGit(folder, ["status", "--porcelain"]);
    return { repository: top, commit, branch, hasChanges: status.trim() !== "" };
  } catch (error) {
    throw error instanceof GitError ? pipelineWithoutCommit(folder) : error;
  }
}

export interface Wanted {
  readonly folder: string;
  readonly pipeline: FoundPipeline;
  readonly parameters: Readonly<Record<string, string>>;
  readonly source: RunRequest["source"];
  readonly repositories: OtherRepositories;
}

/** The pipeline ready to run; any finding is an error that names them all. */
export function readModel({ folder, pipeline, parameters, source, repositories }: Wanted): PipelineModel {
  const { model, problems } = validatePipeline({
    file: pipeline.file,
    ...readersFor(folder, pipeline.file, repositories),
    parameters,
    variables: compileTimeVariables(source, pipeline),
    isForPullRequests: pipeline.kind === "pr",
  });
  const faults = problems.filter(({ isAdvice }) => isAdvice !== true);
  if (model === undefined || faults.length > 0) throw pipelineInvalid(pipeline.file, faults.map(asProblem));
  return model;
}

/** What `${{ variables['…'] }}` knows before the files are read. */
export function compileTimeVariables(
  { branch, commit }: RunRequest["source"],
  { kind, name }: FoundPipeline,
): Readonly<Record<string, string>> {
  return {
    "Build.SourceBranch": `refs/heads/${branch}`,
    "Build.SourceBranchName": branch.split("/").at(-1) ?? branch,
    "Build.SourceVersion": commit,
    "Build.Reason": kind === "pr" ? "PullRequest" : "Manual",
    "Build.DefinitionName": name,
    "System.DefinitionName": name,
    "System.TeamProject": "local",
  };
}

function asProblem({ at, message, hint }: PipelineProblem): {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly suggestion?: string;
} {
  const path = `${at.file}:${at.line}`;
  return { path, rule: "pipeline", message, ...(hint === undefined ? {} : { suggestion: hint }) };
}

/** The runs behind the pipeline resources of a pipeline, as far as this machine had them. */
export function readResources(
  model: PipelineModel,
  answers: Answers | undefined,
  store: RunStore,
): { readonly artifactsOf: RunRequest["artifactsOf"]; readonly variables: Readonly<Record<string, string>> } {
  const found = pipelineResources(model).flatMap(({ alias, source }) => {
    const known = answers === undefined ? [] : corePipelines(answers);
    const pipeline = known.find(({ name }) => name === source)?.name ?? source;
    const run = store.lastGood(pipeline);
    return run === undefined ? [] : [{ alias, pipeline, run }];
  });
  const variables = found.flatMap(({ alias, pipeline, run }) =>
    Object.entries({
      pipelineName: pipeline,
      runID: String(run.id),
      runName: run.number,
      sourceBranch: `refs/heads/${run.branch}`,
      sourceCommit: run.commit,
    }).map(([key, value]) => [`resources.pipeline.${alias}.${key}`, value] as const),
  );
  return {
    artifactsOf: (alias) => found.find((resource) => resource.alias === alias)?.run.artifacts,
    variables: Object.fromEntries(variables),
  };
}
