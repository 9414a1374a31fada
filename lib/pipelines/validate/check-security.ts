import { stepsOf, type PipelineModel, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, textOf } from "../yaml-node.ts";

/** What somebody outside the team can choose: names of branches, messages, titles. */
const foreign =
  /\$\((?:Build\.(?:SourceBranch(?:Name)?|SourceVersionMessage|SourceVersionAuthor|RequestedFor|QueuedBy)|System\.PullRequest\.\w+|resources\.[\w.]*(?:sourceBranch|runName))\)/i;
const accessToken = /\$\(System\.AccessToken\)/i;
const shellKinds = new Set(["bash", "script"]);
const strict = /^\s*set\s+-[a-z]*e/m;

export interface SecurityRules {
  /** Whether the pipeline runs code of a pull request, which must see no secret. */
  readonly isForPullRequests: boolean;
}

/** What makes a pipeline unsafe: foreign text in scripts, ignored failures, secrets where they do not belong. */
export function checkSecurity(pipeline: PipelineModel, rules: SecurityRules): readonly PipelineProblem[] {
  const steps = pipeline.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf));
  return [
    ...steps.flatMap(checkStep),
    ...(rules.isForPullRequests ? checkPullRequests(pipeline, steps) : []),
  ];
}

function checkStep(step: StepModel): readonly PipelineProblem[] {
  return [...checkScript(step), ...checkFailures(step), ...checkCredentials(step)];
}

function checkScript({ kind, main }: StepModel): readonly PipelineProblem[] {
  if (!["bash", "script", "pwsh", "powershell"].includes(kind)) return [];
  const found = foreign.exec(main.text)?.[0];
  const hint = "Map it in env and read it as a variable of the shell.";
  const message = `${found ?? ""} can hold the syntax of a shell and must not stand in a script.`;
  return [
    ...(found === undefined ? [] : [{ at: main.at, message, hint }]),
    ...(accessToken.test(main.text)
      ? [{ at: main.at, message: "A credential must not stand in a script.", hint: "Map it in env." }]
      : []),
  ];
}

function checkFailures({ kind, main }: StepModel): readonly PipelineProblem[] {
  if (!shellKinds.has(kind) || !isLong(main.text) || strict.test(main.text)) return [];
  const message = "A script of several lines goes on after a failure.";
  return [{ at: main.at, message, hint: "Begin it with set -euo pipefail." }];
}

function checkCredentials({ node }: StepModel): readonly PipelineProblem[] {
  if (textOf(node, "persistCredentials")?.toLowerCase() !== "true") return [];
  const at = entryOf(node, "persistCredentials")?.at ?? node.at;
  return [{ at, message: "persistCredentials leaves a credential in the files of the run." }];
}

/** More than one command: lines that neither continue the one before nor are comments. */
function isLong(script: string): boolean {
  const lines = script.replaceAll("\\\n", " ").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.trim().startsWith("#")).length > 1;
}

function checkPullRequests(pipeline: PipelineModel, steps: readonly StepModel[]): readonly PipelineProblem[] {
  const groups = [
    ...pipeline.groups,
    ...pipeline.stages.flatMap((stage) => [...stage.groups, ...stage.jobs.flatMap(({ groups }) => groups)]),
  ];
  const tokens = steps.flatMap(({ env }) => env.filter(([, value]) => accessToken.test(value.text)));
  const connections = steps.flatMap(({ inputs }) =>
    inputs.filter(([name]) => ["azuresubscription", "connectedservicenamearm"].includes(name.toLowerCase())),
  );
  const deployments = pipeline.stages.flatMap(({ jobs }) => jobs.filter(({ isDeployment }) => isDeployment));
  return [
    ...groups.map(({ text, at }) => ({
      at,
      message: `A pipeline for pull requests must not see the variable group '${text}'.`,
    })),
    ...tokens.map(([, { at }]) => ({
      at,
      message: "A pipeline for pull requests must not use the access token.",
    })),
    ...connections.map(([, { at }]) => ({
      at,
      message: "A pipeline for pull requests must not use a service connection.",
    })),
    ...deployments.map(({ at }) => ({ at, message: "A pipeline for pull requests must not deploy." })),
  ];
}
