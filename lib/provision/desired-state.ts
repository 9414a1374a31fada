/** The protections of the default branch, each one policy of the service. */
export type BranchPolicyName =
  | "minimum-reviewers"
  | "comment-resolution"
  | "merge-strategy"
  | "build-validation"
  | "required-reviewers";

interface Keyed {
  /** Unique in a desired state, such as `environment:iris-qa`; what plans, events and dependencies name. */
  readonly key: string;
  /** What a person reads. */
  readonly title: string;
  /** Keys of what has to be there before. */
  readonly dependsOn: readonly string[];
}

export interface DesiredRepository extends Keyed {
  readonly kind: "repository";
  readonly name: string;
}

export interface DesiredFirstPush extends Keyed {
  readonly kind: "first-push";
  readonly branch: string;
}

export interface DesiredArea extends Keyed {
  readonly kind: "area";
  readonly name: string;
}

export interface DesiredTeam extends Keyed {
  readonly kind: "team";
  readonly name: string;
  readonly description: string;
}

export interface DesiredTeamMember extends Keyed {
  readonly kind: "team-member";
  readonly person: string;
}

export interface DesiredTeamArea extends Keyed {
  readonly kind: "team-area";
  readonly team: string;
  /** `<project>\<team>`, as a team names its area. */
  readonly areaPath: string;
}

export interface DesiredVariableGroup extends Keyed {
  readonly kind: "variable-group";
  readonly name: string;
  readonly description: string;
  /** An empty value is there to be filled in by a person. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface DesiredEnvironment extends Keyed {
  readonly kind: "environment";
  readonly name: string;
  readonly description: string;
}

export interface DesiredApprovalCheck extends Keyed {
  readonly kind: "approval-check";
  readonly environmentKey: string;
  readonly environment: string;
  /** People, teams or groups; the model's own team is named as in the answers. */
  readonly approvers: readonly string[];
  /** In production nobody approves what he started himself. */
  readonly requesterCannotApprove: boolean;
  readonly instructions: string;
}

export interface DesiredFolder extends Keyed {
  readonly kind: "folder";
  readonly path: string;
}

export interface DesiredPipeline extends Keyed {
  readonly kind: "pipeline";
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly branch: string;
}

/** The platform's repository of templates: it has to be there, and is never changed. */
export interface DesiredTemplatesRepository extends Keyed {
  readonly kind: "templates-repository";
  /** Where it is in another project than the model. */
  readonly project: string | undefined;
  readonly name: string;
  readonly tag: string;
}

export interface DesiredPipelinePermission extends Keyed {
  readonly kind: "pipeline-permission";
  readonly resourceType: "environment" | "variablegroup" | "repository";
  readonly resourceKey: string;
  readonly pipelineKeys: readonly string[];
}

export interface DesiredBranchPolicy extends Keyed {
  readonly kind: "branch-policy";
  readonly policy: BranchPolicyName;
  readonly branch: string;
  readonly minimumReviewers: number;
  readonly platformTeam: string;
  readonly platformPaths: readonly string[];
  /** Key of the PR pipeline. */
  readonly pipelineKey: string;
  readonly displayName: string;
}

export type Desired =
  | DesiredRepository
  | DesiredFirstPush
  | DesiredArea
  | DesiredTeam
  | DesiredTeamMember
  | DesiredTeamArea
  | DesiredVariableGroup
  | DesiredEnvironment
  | DesiredApprovalCheck
  | DesiredFolder
  | DesiredPipeline
  | DesiredTemplatesRepository
  | DesiredPipelinePermission
  | DesiredBranchPolicy;

/** Everything that one model needs in Azure DevOps, each thing after what it depends on. */
export interface DesiredState {
  readonly project: string;
  readonly model: string;
  readonly team: string;
  /** Every person and group that the answers name, with the answer that names it. */
  readonly people: readonly { readonly name: string; readonly answer: string }[];
  readonly resources: readonly Desired[];
  /** What is left out, and why. */
  readonly warnings: readonly { readonly text: string; readonly hint: string }[];
}
