export type ModelType = "supervised" | "unsupervised" | "rule-based";
export type Serving = "batch" | "rest";
export type MaturityLevel = 1 | 2 | 3 | 4 | 5;
export type EnvironmentFile = "conda" | "pip";

/** One stage of a model's life, in order; the first trains, the last is production. */
export interface EnvironmentAnswer {
  readonly name: string;
  /** `https://adb-….azuredatabricks.net`, or empty while it is not known. */
  readonly workspace_url: string;
  /** Mail addresses or team names; empty means the model's own team. */
  readonly approvers: readonly string[];
}

export interface ClusterAnswers {
  readonly min_workers?: number;
  readonly max_workers?: number;
  readonly spark_version: string;
  readonly node_type_id: string;
  readonly driver_node_type_id: string;
  readonly autotermination_minutes: number;
}

/**
 * Complete, validated answers: defaults applied, every derived name known to be legal.
 * Shape and rules are those of answers.schema.json; a test keeps both equal.
 */
export interface Answers {
  readonly model_name: string;
  readonly team_name: string;
  readonly model_type: ModelType;
  readonly serving: Serving;
  readonly maturity_level: MaturityLevel;
  readonly environments: readonly EnvironmentAnswer[];
  readonly environment_file: EnvironmentFile;
  readonly model_folder: string;
  readonly default_branch: string;
  readonly registry: {
    readonly lifecycle: "stages" | "aliases";
    readonly cmr_scope: string;
    readonly cmr_prefix: string;
    readonly archive_existing_versions: boolean;
    readonly register_model: boolean;
  };
  readonly cluster: ClusterAnswers;
  readonly compute: { readonly mode: "all_purpose" | "job_cluster" | "serverless" };
  /** How pipelines sign in to Databricks: without a stored secret, or with a personal access token. */
  readonly authentication: "workload_identity" | "pat";
  readonly data_access: "none" | "sas_token" | "credential_passthrough";
  /** Empty: the model does not go to Artifactory. */
  readonly artifactory_repository: string;
  /** Empty: the image is built from the environment file. */
  readonly image: string;
  readonly dataset: { readonly name: string; readonly template_file: string; readonly adf_job: string };
  readonly business: { readonly financial_id: string; readonly category: string };
  readonly reviewers: { readonly minimum: number };
  /** Mail addresses of the team's members. */
  readonly members: readonly string[];
  /** Team or group that must review platform-owned paths; empty leaves that policy out. */
  readonly platform_team: string;
  readonly templates: "copied" | "central";
  /** The repository of central templates: its name, or `project/name`. */
  readonly templates_repository: string;
  /** Slack channel such as `#model-alerts`; empty sends nothing. */
  readonly notifications: { readonly slack: string };
  readonly azure_devops: {
    /** `https://dev.azure.com/<organization>`, or empty while it is not known. */
    readonly organization_url: string;
    readonly project: string;
    /** Empty: the repository is named as the model. */
    readonly repository: string;
  };
  /** Empty: Microsoft-hosted agents. */
  readonly agent_pool: string;
}
