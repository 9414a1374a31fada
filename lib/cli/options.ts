/** One command-line option; `value` is the placeholder of its argument, absent for switches. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly multiple?: true;
  readonly description: string;
}

type OptionName =
  | "answers"
  | "set"
  | "yes"
  | "dryRun"
  | "plan"
  | "json"
  | "org"
  | "project"
  | "local"
  | "noProvision"
  | "port"
  | "folder"
  | "onlyDevops"
  | "noPipelines"
  | "run"
  | "environment"
  | "reject"
  | "parameter"
  | "approve"
  | "repository"
  | "repositories"
  | "canary"
  | "wave"
  | "concurrency"
  | "maxOpenPrs"
  | "runFile"
  | "report"
  | "restore"
  | "release"
  | "abort"
  | "pr"
  | "help";

/** Every option of every command, once; a command names those it takes. */
export const options: Readonly<Record<OptionName, OptionSpec>> = {
  answers: {
    name: "answers",
    short: "a",
    value: "FILE",
    description: "Read answers from a YAML or JSON file.",
  },
  set: {
    name: "set",
    short: "s",
    value: "key=value",
    multiple: true,
    description: "Set one answer; a dotted path and a YAML value, may be repeated.",
  },
  yes: { name: "yes", short: "y", description: "Confirm the plan without being asked." },
  dryRun: { name: "dry-run", description: "Show what would be done and change nothing." },
  plan: { name: "plan", description: "Show the plan and change nothing (same as --dry-run)." },
  json: { name: "json", description: "Print the result as one JSON document." },
  org: { name: "org", value: "URL", description: "Azure DevOps organisation, https://dev.azure.com/<name>." },
  project: { name: "project", value: "NAME", description: "Azure DevOps project." },
  local: { name: "local", description: "Use the organisation on this machine (eac-model local start)." },
  noProvision: { name: "no-provision", description: "Make the repository only; leave Azure DevOps alone." },
  port: { name: "port", value: "NUMBER", description: "Port to listen on; default: any free one." },
  folder: {
    name: "folder",
    value: "DIR",
    description: "Folder that keeps the state; default: ~/.eac-model/local.",
  },
  onlyDevops: { name: "only-devops", description: "Start Azure DevOps only, without Databricks and MLflow." },
  noPipelines: {
    name: "no-pipelines",
    description: "Queue runs of pipelines, and run none of them.",
  },
  run: { name: "run", value: "NUMBER", description: "Decide the approvals of this run only." },
  environment: {
    name: "environment",
    value: "NAME",
    description: "Decide the approvals for this environment only.",
  },
  reject: { name: "reject", description: "Reject instead of approving." },
  parameter: {
    name: "parameter",
    short: "p",
    value: "name=value",
    multiple: true,
    description: "Give a parameter of the pipeline its value; may be repeated.",
  },
  approve: {
    name: "approve",
    value: "NAMES",
    multiple: true,
    description: "Approve environments or stages beforehand: names with commas between them, or all.",
  },
  repository: {
    name: "repository",
    value: "name=DIR",
    multiple: true,
    description: "Read templates of another repository in this folder; may be repeated.",
  },
  repositories: {
    name: "repositories",
    value: "FILE",
    description: "Read paths or URLs of repositories from a file, one a line.",
  },
  canary: { name: "canary", value: "N", description: "Update the first N only; go on when those are fine." },
  wave: { name: "wave", value: "N", description: "Begin N more when the last N have ended; default: 50." },
  concurrency: { name: "concurrency", value: "N", description: "Work on N at the same time; default: 4." },
  maxOpenPrs: {
    name: "max-open-prs",
    value: "N",
    description: "Open no more while N pull requests of updates are open.",
  },
  runFile: {
    name: "run-file",
    value: "FILE",
    description: "Keep what is done here; default: eac-model-fleet.jsonl.",
  },
  report: { name: "report", value: "FILE", description: "Write the outcome as a Markdown page." },
  restore: {
    name: "restore",
    value: "PATH",
    multiple: true,
    description: "Bring back a file of the templates that was deleted or released here; may be repeated.",
  },
  release: {
    name: "release",
    value: "PATH",
    multiple: true,
    description: "Take a file of the platform over: no update touches it any more; may be repeated.",
  },
  abort: { name: "abort", description: "Undo the last update, as long as it is not committed." },
  pr: { name: "pr", description: "Open a pull request instead of changing this folder." },
  help: { name: "help", short: "h", description: "Show this help." },
};
