import type { Answers } from "../../lib/answers/answers.ts";

const defaults: Answers = {
  model_name: "iris",
  team_name: "data-science",
  model_type: "supervised",
  serving: "batch",
  environments: [
    { name: "tst", workspace_url: "", approvers: [] },
    { name: "qa", workspace_url: "", approvers: [] },
    { name: "prod", workspace_url: "", approvers: [] },
  ],
  maturity_level: 3,
  environment_file: "conda",
  model_folder: "demo_model",
  default_branch: "main",
  registry: {
    lifecycle: "stages",
    cmr_scope: "cmr",
    cmr_prefix: "cmr",
    archive_existing_versions: true,
    register_model: true,
  },
  cluster: {
    spark_version: "17.3.x-cpu-ml-scala2.13",
    node_type_id: "Standard_DS3_v2",
    driver_node_type_id: "Standard_DS3_v2",
    autotermination_minutes: 30,
  },
  compute: { mode: "job_cluster" },
  authentication: "workload_identity",
  data_access: "none",
  artifactory_repository: "",
  image: "",
  dataset: { name: "demo-dataset", template_file: "dataset_template.yml", adf_job: "demo-adf-job" },
  business: { financial_id: "unassigned", category: "uncategorised" },
  reviewers: { minimum: 1 },
  members: [],
  platform_team: "",
  templates: "copied",
  templates_repository: "eac-model-platform",
  notifications: { slack: "" },
  azure_devops: { organization_url: "", project: "AnalyticsOps", repository: "" },
  agent_pool: "",
};

/** Complete answers; a test states only what differs from the default world. */
export function anAnswers(differences: Partial<Answers> = {}): Answers {
  return { ...defaults, ...differences };
}
