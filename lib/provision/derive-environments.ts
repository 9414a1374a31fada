import type { Answers, EnvironmentAnswer } from "../answers/answers.ts";
import { deriveNames } from "../answers/derived-names.ts";
import type { Desired } from "./desired-state.ts";

/**
 * Each environment with its variable group and, where a pipeline reaches it, its approval. That of the first is the
 * acceptance of a model before it is registered, those of the others let a release in.
 */
export function environmentResources(answers: Answers): readonly Desired[] {
  return answers.environments.flatMap((environment, index) => [
    ...groupAndEnvironment(answers, environment),
    ...(index === 0 && answers.maturity_level < 2 ? [] : [approvalCheck(answers, environment, index)]),
  ]);
}

function groupAndEnvironment(
  answers: Answers,
  { name, workspace_url }: EnvironmentAnswer,
): readonly Desired[] {
  const names = deriveNames(answers);
  const group = names.variableGroup(name);
  const environment = names.environment(name);
  return [
    {
      kind: "variable-group",
      key: `variable-group:${name}`,
      title: `variable group ${group}`,
      dependsOn: [],
      name: group,
      description: `Variables of ${answers.model_name} in ${name}; secrets are added by people.`,
      variables: {
        ENVIRONMENT: name,
        WORKSPACE_URL: workspace_url,
        DATABRICKS_CLUSTER_NAME: environment,
        CMR_URI: "",
        CMR_SCOPE: answers.registry.cmr_scope,
        CMR_PREFIX: answers.registry.cmr_prefix,
        SERVICE_PRINCIPAL_ID: "",
        ...(answers.serving === "rest" ? azureVariables : {}),
      },
    },
    {
      kind: "environment",
      key: `environment:${name}`,
      title: `environment ${environment}`,
      dependsOn: [],
      name: environment,
      description: `${answers.model_name} in ${name}.`,
    },
  ];
}

/** What a REST service needs to know of Azure; people fill it in. */
const azureVariables = {
  ACR_NAME: "",
  AZURE_SUBSCRIPTION_ID: "",
  AZURE_RESOURCE_GROUP: "",
  AZURE_LOCATION: "",
  ACI_IDENTITY_ID: "",
  AKS_CLUSTER: "",
  AKS_NAMESPACE: "",
};

function approvalCheck(answers: Answers, { name, approvers }: EnvironmentAnswer, index: number): Desired {
  const environment = deriveNames(answers).environment(name);
  const whom = approvers.length === 0 ? [answers.team_name] : approvers;
  const model = answers.model_name;
  return {
    kind: "approval-check",
    key: `approval-check:${name}`,
    title: `approval of ${environment} by ${whom.join(", ")}`,
    dependsOn: [`environment:${name}`, "team"],
    environmentKey: `environment:${name}`,
    environment,
    approvers: whom,
    requesterCannotApprove: index === answers.environments.length - 1,
    instructions:
      index === 0
        ? `Look at the evaluation of the run before ${model} is registered or deployed in ${name}.`
        : `Look at the evidence of the run before ${model} goes to ${name}.`,
  };
}
