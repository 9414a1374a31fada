import { wrongUsage } from "../errors/catalogue/cli.ts";
import { nearest } from "../errors/nearest.ts";
import type { CommandSpec } from "./command.ts";
import { options } from "./options.ts";

/** Every command, in the order of the help page. */
export const commands: readonly CommandSpec[] = [
  {
    name: "init",
    usage: "init [dir]",
    summary: "Make a model repository from a few answers, and provision it.",
    maxPositionals: 1,
    options: [
      options.answers,
      options.set,
      options.yes,
      options.dryRun,
      options.json,
      options.org,
      options.project,
      options.local,
      options.noProvision,
    ],
    examples: [
      "eac-model init",
      "eac-model init iris --answers iris.yml --yes --no-provision",
      "eac-model init --set model_name=churn --set team_name=customer-insight --set serving=rest --local",
    ],
    load: async () => (await import("./commands/init.ts")).runInit,
  },
  {
    name: "update",
    usage: "update [dir]",
    summary: "Bring the repository to the newest templates, with every change of yours kept.",
    maxPositionals: 1,
    options: [
      options.answers,
      options.set,
      options.yes,
      options.dryRun,
      options.json,
      options.restore,
      options.release,
      options.abort,
      options.pr,
      options.org,
      options.project,
      options.local,
    ],
    examples: [
      "eac-model update --dry-run",
      "eac-model update iris --set serving=rest",
      "eac-model update --restore src/checks/readme.py",
      "eac-model update --abort",
      "eac-model update --pr --org https://dev.azure.com/contoso",
    ],
    load: async () => (await import("./commands/update.ts")).runUpdate,
  },
  {
    name: "check",
    usage: "check [dir]",
    summary: "Tell whether an update is available (3) or files of the platform were changed (4).",
    maxPositionals: 1,
    options: [options.json],
    examples: ["eac-model check", "eac-model check iris --json"],
    load: async () => (await import("./commands/check.ts")).runCheck,
  },
  {
    name: "provision",
    usage: "provision [dir]",
    summary: "Create or repair everything the repository needs in Azure DevOps.",
    maxPositionals: 1,
    options: [
      options.plan,
      options.dryRun,
      options.yes,
      options.json,
      options.org,
      options.project,
      options.local,
    ],
    examples: [
      "eac-model provision --plan --org https://dev.azure.com/contoso",
      "eac-model provision iris --local --yes",
    ],
    load: async () => (await import("./commands/provision.ts")).runProvision,
  },
  {
    name: "local",
    usage: "local start|status|stop|approve",
    summary: "Run Azure DevOps, Databricks and MLflow on this machine.",
    maxPositionals: 1,
    options: [
      options.port,
      options.folder,
      options.project,
      options.onlyDevops,
      options.noPipelines,
      options.run,
      options.environment,
      options.reject,
      options.json,
    ],
    examples: [
      "eac-model local start",
      "eac-model local status --json",
      "eac-model local approve --environment iris-qa",
    ],
    load: async () => (await import("./commands/local.ts")).runLocal,
  },
  {
    name: "run",
    usage: "run <pipeline> [dir]",
    summary: "Run a pipeline of the repository on this machine.",
    maxPositionals: 2,
    options: [options.parameter, options.approve, options.repository, options.json],
    examples: [
      "eac-model run ci",
      "eac-model run release iris --approve qa,prod",
      "eac-model run deploy --parameter target=ACI --approve all",
    ],
    load: async () => (await import("./commands/run.ts")).runRun,
  },
  {
    name: "pipelines",
    usage: "pipelines check [dir]",
    summary: "Check every pipeline of the repository and run none.",
    maxPositionals: 2,
    options: [options.repository, options.json],
    examples: [
      "eac-model pipelines check",
      "eac-model pipelines check iris --json",
      "eac-model pipelines check --repository eac-model-platform=../eac-model-platform",
    ],
    load: async () => (await import("./commands/pipelines.ts")).runPipelines,
  },
  {
    name: "platform",
    usage: "platform templates [dir]",
    summary: "Make the platform's repository of templates, or add this version to it.",
    maxPositionals: 2,
    options: [options.yes, options.dryRun, options.json, options.org, options.project, options.local],
    examples: [
      "eac-model platform templates",
      "eac-model platform templates --local --yes",
      "eac-model platform templates --org https://dev.azure.com/contoso --project Analytics",
    ],
    load: async () => (await import("./commands/platform.ts")).runPlatform,
  },
  {
    name: "fleet",
    usage: "fleet update [repository…]",
    summary: "Propose the newest templates to every repository of a project.",
    maxPositionals: Number.POSITIVE_INFINITY,
    options: [
      options.org,
      options.project,
      options.local,
      options.repositories,
      options.canary,
      options.wave,
      options.concurrency,
      options.maxOpenPrs,
      options.runFile,
      options.report,
      options.dryRun,
      options.yes,
      options.json,
    ],
    examples: [
      "eac-model fleet update --org https://dev.azure.com/contoso --project AnalyticsOps --dry-run",
      "eac-model fleet update --local --canary 3 --max-open-prs 20 --report fleet.md --yes",
      "eac-model fleet update --repositories models.txt --yes",
    ],
    load: async () => (await import("./commands/fleet.ts")).runFleetCommand,
  },
  {
    name: "doctor",
    usage: "doctor [dir]",
    summary: "Say what is there and what is missing, and what to do about it.",
    maxPositionals: 1,
    options: [options.org, options.project, options.local, options.json],
    examples: [
      "eac-model doctor",
      "eac-model doctor iris --org https://dev.azure.com/contoso --project AnalyticsOps",
      "eac-model doctor --local --json",
    ],
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  {
    name: "schema",
    usage: "schema",
    summary: "Print the JSON Schema of the answers.",
    maxPositionals: 0,
    options: [options.json],
    examples: ["eac-model schema > answers.schema.json"],
    load: async () => (await import("./commands/schema.ts")).runSchema,
  },
];

/** The command of that name; a name that none has is a usage error that says which may be meant. */
export function findCommand(name: string): CommandSpec {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  const guess = nearest(name, names);
  throw wrongUsage(
    `${JSON.stringify(name)} is not a command of eac-model.`,
    guess === undefined ? `Commands: ${names.join(", ")}.` : `Did you mean eac-model ${guess}?`,
  );
}
