/** What the value of a key must look like; texts with `$(…)` or `$[…]` pass wherever one value is expected. */
export type Shape =
  | "any"
  | "text"
  | "name"
  | "alias"
  | "name or nothing"
  | "flag"
  | "number"
  | "written flag"
  | "written number"
  | "texts"
  | "textOrTexts"
  | "texts by name"
  | { readonly oneOf: readonly string[] }
  | Mapping
  | { readonly items: Keys };

/** A mapping with these keys. */
export interface Mapping {
  readonly keys: Keys;
  /** Whether one text, or a list of texts, may stand for the mapping. */
  readonly orText?: true;
  /** Which texts may. */
  readonly texts?: readonly string[];
  /** Whether templates and kinds of agents may add keys; only what looks like a slip is wrong then. */
  readonly isOpen?: true;
}

/** The keys that a mapping may have. */
export interface Keys {
  readonly [key: string]: Shape;
}

const filter: Shape = { keys: { include: "texts", exclude: "texts" } };
const filterOrTexts: Shape = { keys: { include: "texts", exclude: "texts" }, orText: true, texts: [] };
const pool: Shape = {
  // The last ones are read by the template of 1ES and by managed pools.
  keys: {
    name: "text",
    vmImage: "text",
    demands: "textOrTexts",
    image: "text",
    os: "text",
    hostArchitecture: "text",
  },
  orText: true,
  isOpen: true,
};
const lock: Shape = { oneOf: ["sequential", "runLatest"] };
const container: Shape = "any";
const workspace: Shape = { keys: { clean: { oneOf: ["outputs", "resources", "all"] } } };
const uses: Shape = { keys: { repositories: "texts", pools: "texts" } };

const strategy: Shape = { keys: { matrix: "any", maxParallel: "number", parallel: "number" } };

/** The file of a pipeline; with steps of its own it is a job as well. */
export const pipelineKeys: Keys = {
  name: "text",
  appendCommitMessageToRunName: "flag",
  trigger: {
    keys: { batch: "flag", branches: filter, paths: filter, tags: filter },
    orText: true,
    texts: ["none"],
  },
  pr: {
    keys: { autoCancel: "flag", branches: filter, paths: filter, drafts: "flag" },
    orText: true,
    texts: ["none"],
  },
  schedules: {
    items: { cron: "text", displayName: "text", branches: filter, batch: "flag", always: "flag" },
  },
  resources: "any",
  parameters: "any",
  variables: "any",
  pool,
  stages: "any",
  jobs: "any",
  steps: "any",
  strategy,
  continueOnError: "flag",
  timeoutInMinutes: "number",
  cancelTimeoutInMinutes: "number",
  container,
  services: "any",
  workspace,
  lockBehavior: lock,
};

/** One repository of the old list of resources. */
export const oldRepositoryKeys: Keys = {
  repo: { oneOf: ["self"] },
  clean: "text",
  fetchDepth: "number",
  lfs: "flag",
};

/** What stands under `resources`. */
export const resourceKeys: Keys = {
  pipelines: {
    items: {
      pipeline: "alias",
      project: "text",
      source: "text",
      version: "text",
      branch: "text",
      tags: "texts",
      trigger: {
        keys: { enabled: "flag", branches: filterOrTexts, stages: "texts", tags: "texts" },
        orText: true,
        texts: ["true", "false", "none"],
      },
    },
  },
  repositories: {
    items: {
      repository: "alias",
      endpoint: "text",
      name: "text",
      ref: "text",
      type: { oneOf: ["git", "github", "githubenterprise", "bitbucket"] },
      trigger: {
        keys: { enabled: "flag", batch: "flag", branches: filter, paths: filter, tags: filter },
        orText: true,
        texts: ["none"],
      },
      checkoutOptions: "any",
      clean: "text",
      fetchDepth: "number",
      fetchTags: "flag",
      lfs: "flag",
      submodules: "text",
      persistCredentials: "flag",
    },
  },
  builds: "any",
  containers: "any",
  packages: "any",
  webhooks: "any",
};

export const variableKeys: readonly Keys[] = [
  { name: "text", value: "text", readonly: "flag" },
  { group: "text" },
];

export const stageKeys: Keys = {
  stage: "name or nothing",
  displayName: "text",
  dependsOn: "textOrTexts",
  condition: "text",
  variables: "any",
  jobs: "any",
  pool,
  lockBehavior: lock,
  trigger: { oneOf: ["manual", "automatic"] },
  isSkippable: "flag",
  templateContext: "any",
};

const anyJob: Keys = {
  displayName: "text",
  dependsOn: "textOrTexts",
  condition: "text",
  continueOnError: "flag",
  timeoutInMinutes: "number",
  cancelTimeoutInMinutes: "number",
  variables: "any",
  pool,
  container,
  services: "any",
  workspace,
  uses,
  templateContext: "any",
};

export const jobKeys: Keys = {
  job: "name or nothing",
  ...anyJob,
  strategy,
  steps: "any",
};

const hook: Shape = { keys: { steps: "any", pool } };
const hooks: Keys = {
  preDeploy: hook,
  deploy: hook,
  routeTraffic: hook,
  postRouteTraffic: hook,
  on: { keys: { failure: hook, success: hook } },
};

export const deploymentKeys: Keys = {
  deployment: "name or nothing",
  ...anyJob,
  environment: {
    keys: { name: "text", resourceName: "text", resourceId: "number", resourceType: "text", tags: "text" },
    orText: true,
  },
  strategy: {
    keys: {
      runOnce: { keys: hooks },
      rolling: { keys: { maxParallel: "text", ...hooks } },
      canary: { keys: { increments: "texts", ...hooks } },
    },
  },
};

const anyStep: Keys = {
  displayName: "text",
  name: "name",
  condition: "text",
  // Of steps, no variable may decide these.
  continueOnError: "written flag",
  enabled: "written flag",
  env: "texts by name",
  timeoutInMinutes: "written number",
  retryCountOnTaskFailure: "written number",
  target: {
    keys: {
      container: "text",
      commands: { oneOf: ["any", "restricted"] },
      settableVariables: { keys: {}, orText: true, texts: ["none"] },
    },
    orText: true,
  },
};

const shell: Keys = { workingDirectory: "text", failOnStderr: "flag", ...anyStep };
const powershell: Keys = {
  ...shell,
  errorActionPreference: { oneOf: ["stop", "continue", "silentlyContinue"] },
  ignoreLASTEXITCODE: "flag",
};

/** The keys of each kind of step, by the key that says which kind it is. */
export const stepKeys: Readonly<Record<string, Keys>> = {
  script: { script: "text", ...shell },
  bash: { bash: "text", ...shell },
  pwsh: { pwsh: "text", ...powershell },
  powershell: { powershell: "text", ...powershell },
  task: { task: "text", inputs: "texts by name", ...anyStep },
  checkout: {
    checkout: "text",
    clean: "text",
    fetchDepth: "number",
    fetchTags: "flag",
    lfs: "flag",
    persistCredentials: "flag",
    submodules: "text",
    path: "text",
    sparseCheckoutDirectories: "text",
    sparseCheckoutPatterns: "text",
    workspaceRepo: "flag",
    fetchFilter: "text",
    ...anyStep,
  },
  upload: { upload: "text", artifact: "text", ...anyStep },
  downloadBuild: {
    downloadBuild: "text",
    artifact: "text",
    path: "text",
    patterns: "text",
    inputs: "texts by name",
    ...anyStep,
  },
  getPackage: { getPackage: "text", path: "text", ...anyStep },
  reviewApp: { reviewApp: "text", ...anyStep },
  download: { download: "text", artifact: "text", patterns: "text", path: "text", ...anyStep },
  publish: { publish: "text", artifact: "text", ...anyStep },
};
