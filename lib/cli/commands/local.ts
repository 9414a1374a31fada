import { resolve } from "node:path";
import { localNotRunning, wrongUsage } from "../../errors/catalogue/cli.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import type { LocalStatus } from "../../local/daemon.ts";
import type { ServiceStatus } from "../../local/service-status.ts";
import { optionValue, type CommandInput, type CommandOutcome, type RunCommand } from "../command.ts";
import type { Context } from "../context.ts";

type Action = (folder: string, input: CommandInput, context: Context) => Promise<CommandOutcome>;

const actions: Readonly<Record<string, Action>> = { start, status, stop, approve };

/** Starts, shows or stops the organisation on this machine, or decides what its runs wait for. */
export const runLocal: RunCommand = async (input, context) => {
  const [name = ""] = input.positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const given = name === "" ? "an action is missing" : `${JSON.stringify(name)} is not an action`;
    throw wrongUsage(`eac-model local: ${given}.`, "Use eac-model local start, status, stop or approve.");
  }
  const folder = optionValue(input, "folder");
  return await action(
    folder === undefined ? context.localFolder : resolve(context.cwd, folder),
    input,
    context,
  );
};

async function start(folder: string, input: CommandInput, context: Context): Promise<CommandOutcome> {
  const { startDaemon } = await import("../../local/daemon.ts");
  const found = await startDaemon({
    folder,
    port: parsePort(optionValue(input, "port")),
    projects: input.values.get("project") ?? [],
    onlyDevops: input.flags.has("only-devops"),
    noPipelines: input.flags.has("no-pipelines"),
  });
  show(context, found);
  return { exitCode: exitCodes.done, value: found };
}

async function status(folder: string, _input: CommandInput, context: Context): Promise<CommandOutcome> {
  const { readStatus } = await import("../../local/daemon.ts");
  const found = await readStatus(folder);
  show(context, found);
  return { exitCode: exitCodes.done, value: found };
}

async function stop(folder: string, _input: CommandInput, context: Context): Promise<CommandOutcome> {
  const { stopDaemon } = await import("../../local/daemon.ts");
  const stopped = await stopDaemon(folder);
  const text = stopped
    ? "The local organisation has stopped; its state is kept."
    : "The local organisation was not running.";
  context.reporter.report({ type: "line", text });
  return { exitCode: exitCodes.done, value: { stopped, folder } };
}

/** Decides what runs wait for: all of it, or what the options name. */
async function approve(folder: string, input: CommandInput, context: Context): Promise<CommandOutcome> {
  const run = readRunNumber(optionValue(input, "run"));
  const { readStatus } = await import("../../local/daemon.ts");
  const found = await readStatus(folder);
  if (!found.running) throw localNotRunning();
  const { decideApprovals } = await import("../../local/decide-approvals.ts");
  const decided = await decideApprovals(found, {
    run,
    environment: optionValue(input, "environment"),
    outcome: input.flags.has("reject") ? "rejected" : "approved",
  });
  for (const { run: number, pipeline, stage, environment, outcome } of decided) {
    const text = `${outcome} ${pipeline} (run ${number}, stage ${stage}) for ${environment}`;
    context.reporter.report({ type: "line", text });
  }
  return { exitCode: exitCodes.done, value: { decided } };
}

function readRunNumber(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text;
  throw wrongUsage(
    `eac-model local: ${JSON.stringify(text)} is no number of a run.`,
    "See the number on the page of the run, or leave --run out to decide all.",
  );
}

function show({ reporter }: Context, status: LocalStatus): void {
  const line = (text: string): void => reporter.report({ type: "line", text });
  if (!status.running) {
    line("The local organisation is not running. Start it with: eac-model local start");
    return;
  }
  line("The local organisation is running.");
  reporter.report({ type: "link", title: "address   ", url: status.url ?? "" });
  line(`  databricks  ${serviceText(status.databricks)}`);
  line(`  mlflow      ${serviceText(status.mlflow)}`);
  line(`  state       ${status.folder}`);
  line(`  token file  ${status.tokenFile} (any user name; only you can read it)`);
}

function serviceText({ url, state, detail }: ServiceStatus): string {
  switch (state) {
    case "running":
      return url ?? "";
    case "starting":
      return `${url === undefined ? "" : `${url} `}(starting${detail === undefined ? "" : `: ${detail}`})`;
    case "unavailable":
      return `not available: ${detail ?? ""}`;
    case "off":
      return "not started (--only-devops)";
  }
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw wrongUsage(
    `eac-model local: ${JSON.stringify(text)} is not a port.`,
    "Use a number from 0 to 65535.",
  );
}
