import { stepsOf, type PipelineModel, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, textOf } from "../yaml-node.ts";

const accessToken = /\$\(System\.AccessToken\)/i;

/** Inputs that name a service connection, in the spellings of the tasks. */
const connection = /subscription|serviceConnection|connectedService|containerRegistry|endpoint/i;

export interface SecurityRules {
  /** Whether the pipeline runs code of a pull request, which must see no secret. */
  readonly isForPullRequests: boolean;
}

/** What makes a pipeline unsafe: secrets where they do not belong. */
export function checkSecurity(pipeline: PipelineModel, rules: SecurityRules): readonly PipelineProblem[] {
  const steps = pipeline.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf));
  return [
    ...steps.flatMap(checkCredentials),
    ...checkDebugging(pipeline),
    ...(rules.isForPullRequests ? checkPullRequests(pipeline, steps) : []),
  ];
}

/** It shows the values of most variables in the log. */
function checkDebugging(pipeline: PipelineModel): readonly PipelineProblem[] {
  const scopes = [pipeline, ...pipeline.stages, ...pipeline.stages.flatMap(({ jobs }) => jobs)];
  return scopes
    .flatMap(({ variables }) => variables)
    .filter(({ name, value }) => name.toLowerCase() === "system.debug" && value.text.toLowerCase() === "true")
    .map(({ at }) => ({
      at,
      message: "system.debug is for one run, not for all of them.",
      hint: "Set it when the run is started.",
      isAdvice: true,
    }));
}

function checkCredentials({ node }: StepModel): readonly PipelineProblem[] {
  if (textOf(node, "persistCredentials")?.toLowerCase() !== "true") return [];
  const at = entryOf(node, "persistCredentials")?.at ?? node.at;
  return [{ at, message: "persistCredentials leaves a credential in the files of the run.", isAdvice: true }];
}

function checkPullRequests(pipeline: PipelineModel, steps: readonly StepModel[]): readonly PipelineProblem[] {
  const groups = [
    ...pipeline.groups,
    ...pipeline.stages.flatMap((stage) => [...stage.groups, ...stage.jobs.flatMap(({ groups }) => groups)]),
  ];
  const tokens = steps.flatMap(({ env, inputs }) =>
    [...env, ...inputs].filter(([, value]) => accessToken.test(value.text)),
  );
  const connections = steps.flatMap(({ inputs }) => inputs.filter(([name]) => connection.test(name)));
  const deployments = pipeline.stages.flatMap(({ jobs }) => jobs.filter(({ isDeployment }) => isDeployment));
  const found: readonly PipelineProblem[] = [
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
  return found.map((problem) => ({ ...problem, isAdvice: true }));
}
