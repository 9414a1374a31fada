import { arch, hostname } from "node:os";
import { basename, join } from "node:path";
import type { StageModel, VariablesModel } from "../pipeline-model.ts";
import { ExpressionError } from "../expressions/expression-error.ts";
import type { ObjectValue } from "../expressions/value.ts";
import { evaluateRuntimeText } from "./conditions.ts";
import type { RunState } from "./run-state.ts";
import type { Variable, Variables } from "./variables.ts";

/** Where a job works. */
export interface JobFolders {
  /** Pipeline.Workspace. */
  readonly workspace: string;
  readonly sources: string;
  readonly staging: string;
  readonly binaries: string;
  readonly testResults: string;
  readonly temp: string;
  readonly tools: string;
}

export function jobFolders(workspace: string): JobFolders {
  return {
    workspace,
    sources: join(workspace, "s"),
    staging: join(workspace, "a"),
    binaries: join(workspace, "b"),
    testResults: join(workspace, "TestResults"),
    temp: join(workspace, "_temp"),
    tools: join(workspace, "_tools"),
  };
}

/** Who and where a job is. */
export interface JobIdentity {
  readonly stage: StageModel;
  readonly name: string;
  readonly title: string;
  readonly folders: JobFolders;
  /** Variables of a leg of a matrix or of a cycle of a deployment. */
  readonly own: Readonly<Record<string, string>>;
}

/** The variables that the service sets before anything else. */
export function runVariables(state: RunState): readonly Variable[] {
  const { request, number } = state;
  const branch = fullBranch(request.source.branch);
  const known: Readonly<Record<string, string>> = {
    "Build.BuildId": "1",
    "Build.Reason": "Manual",
    "Build.SourceBranch": branch,
    "Build.SourceBranchName": branch.split("/").at(-1) ?? branch,
    "Build.SourceVersion": request.source.commit,
    "Build.Repository.Name": basename(request.source.repository, ".git"),
    "Build.Repository.LocalPath": "",
    "Build.Repository.Provider": "TfsGit",
    "Build.Repository.Uri": request.source.repository,
    "System.HostType": "build",
    "System.StageAttempt": "1",
    "System.PhaseAttempt": "1",
    "System.JobAttempt": "1",
    TF_BUILD: "True",
    ...request.variables,
    "Build.BuildNumber": number,
  };
  const secrets = new Set(request.secretNames);
  return Object.entries(known).map(([name, value]) => {
    const variable = predefined(name, value);
    return { ...variable, isSecret: variable.isSecret || secrets.has(name) };
  });
}

/** The variables that the service sets for one job. */
export function jobVariables({ stage, name, title, folders }: JobIdentity): readonly Variable[] {
  const known: Readonly<Record<string, string>> = {
    "Agent.Id": "1",
    "Agent.Name": hostname(),
    "Agent.MachineName": hostname(),
    "Agent.OS": process.platform === "darwin" ? "Darwin" : "Linux",
    "Agent.OSArchitecture": arch() === "arm64" ? "ARM64" : "X64",
    "Agent.JobName": title,
    "Agent.JobStatus": "Succeeded",
    "Agent.BuildDirectory": folders.workspace,
    "Agent.HomeDirectory": folders.workspace,
    "Agent.WorkFolder": folders.workspace,
    "Agent.TempDirectory": folders.temp,
    "Agent.ToolsDirectory": folders.tools,
    "Pipeline.Workspace": folders.workspace,
    "Build.ArtifactStagingDirectory": folders.staging,
    "Build.StagingDirectory": folders.staging,
    "Build.BinariesDirectory": folders.binaries,
    "Build.SourcesDirectory": folders.sources,
    "Build.Repository.LocalPath": folders.sources,
    "Common.TestResultsDirectory": folders.testResults,
    "System.DefaultWorkingDirectory": folders.sources,
    "System.ArtifactsDirectory": folders.staging,
    "System.StageName": stage.name,
    "System.StageDisplayName": stage.displayName ?? stage.name,
    "System.JobName": name,
    "System.JobDisplayName": title,
    "System.JobId": `${stage.name}.${name}`,
    "System.PhaseName": name,
    "System.PhaseDisplayName": title,
  };
  return Object.entries(known).map(([variable, value]) => predefined(variable, value));
}

/** The variables that a pipeline, stage or job states, groups first, with `$[ … ]` evaluated; later levels win. */
export function addStated(
  variables: Variables,
  {
    stated,
    state,
    contexts,
  }: { readonly stated: VariablesModel; readonly state: RunState; readonly contexts: ObjectValue },
): void {
  for (const { text } of stated.groups) {
    const name = variables.expand(text);
    const group = state.request.groups[name];
    if (group === undefined) tellUnknown(state, name);
    for (const [name, { value, isSecret }] of Object.entries(group ?? {})) {
      variables.set({ name, value, isSecret, isReadonly: false });
    }
  }
  for (const { name, value, isReadonly } of stated.variables) {
    const seen = { ...contexts, variables: variables.toObject() };
    const counter = (prefix: string, seed: number): number => count(state, prefix, seed);
    const evaluate = (): string => evaluateRuntimeText(value.text, seen, counter);
    variables.set({ name, value: named(name, evaluate), isSecret: false, isReadonly });
  }
}

/** An expression that cannot be evaluated is an error that names its variable. */
function named(name: string, evaluate: () => string): string {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(`The variable ${name} cannot be evaluated: ${error.message}`, error.offset);
  }
}

function tellUnknown({ report }: RunState, group: string): void {
  const what = `the variable group ${group}, whose values are not known here`;
  if (!report.notEmulated.includes(what)) report.tell({ type: "not emulated", at: {}, what });
}

/** Counts from the seed within this run; the service counts from run to run. */
function count(state: RunState, prefix: string, seed: number): number {
  state.report.tell({ type: "not emulated", at: {}, what: "counter() counts within one run only" });
  const value = state.counters.get(prefix) ?? seed;
  state.counters.set(prefix, value);
  return value;
}

function fullBranch(branch: string): string {
  return branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}

function predefined(name: string, value: string): Variable {
  return { name, value, isSecret: name === "System.AccessToken", isReadonly: false };
}
