import { join } from "node:path";
import type { Secret } from "../../../errors/secret.ts";
import { formatProblem } from "../../../pipelines/problem.ts";
import { runPipeline } from "../../../pipelines/run/run-pipeline.ts";
import type { RunEvent, RunOutcome, RunRequest } from "../../../pipelines/run/run-types.ts";
import type { Limit } from "../../../pipelines/run/schedule.ts";
import { textOf } from "../../../pipelines/yaml-node.ts";
import { findRepository, repositoryFolder } from "../routes/repository-record.ts";
import type { OpenOrganization } from "../state/open-organization.ts";
import { yamlFileOf } from "./ci-trigger.ts";
import type { ExclusiveLocks } from "./exclusive-locks.ts";
import { passChecks, type ApprovalWaits } from "./gate.ts";
import { newestRunFor, readPipelineResources } from "./pipeline-resource.ts";
import { parameterValues } from "./parameter-values.ts";
import { readPipeline, type ReadPipeline } from "./read-pipeline.ts";
import { resolveResources } from "./resolve-resources.ts";
import { formatRunNumber } from "./run-number.ts";
import { changeRun, isRun, runKind, type RunRecord } from "./run-record.ts";
import { groupsWithServices, serviceVariables, waitForServices, type RunServices } from "./run-services.ts";
import { givenVariables, predefinedFor, resourceVariables, type RunPlan } from "./run-variables.ts";
import { skipStages } from "./skip-stages.ts";
import { RunTimeline } from "./timeline.ts";

/** What runs need of the machine. */
export interface RunMachine {
  readonly organization: OpenOrganization;
  readonly token: Secret;
  /** Variables that programs need, such as PATH; nothing else is passed on. */
  readonly environ: Readonly<Record<string, string>>;
  readonly services: RunServices;
  readonly waits: ApprovalWaits;
  readonly locks: ExclusiveLocks;
  /** For the jobs of all runs. */
  readonly agents: Limit;
}

export interface Execution extends RunPlan {
  readonly signal: AbortSignal;
  /** Ends the run without the steps that a canceled one would still run. */
  readonly stop: AbortSignal;
  /** Told the name of each stage that has ended, and whether it was good. */
  readonly stageEnded: (stage: string, isGood: boolean) => void;
}

type Good = Extract<ReadPipeline, { readonly kind: "good" }>;

/** Runs a pipeline and keeps what comes of it in the record of the run; says nothing where it could not begin. */
export async function executeRun(machine: RunMachine, execution: Execution): Promise<void> {
  const { organization } = machine;
  const { run, signal } = execution;
  changeRun(organization, run.id, () => ({ runState: "inProgress", startedOn: organization.now() }));
  organization.save();
  const timeline = new RunTimeline({
    folder: runFolder(organization, run.id),
    runId: run.id,
    now: () => organization.now(),
  });
  const read = await readForRun(execution);
  const found = read.kind === "good" ? resolveResources(execution, read.model) : undefined;
  const problems = read.kind === "bad" ? read.problems.map(formatProblem) : (found?.problems ?? []);
  if (read.kind === "bad" || found === undefined || problems.length > 0) {
    finish(organization, run.id, { result: "failed", issues: problems });
    return;
  }
  prepare(execution, read);
  organization.save();
  timeline.expect(read.model);
  await waitForServices(machine.services, read.root, signal);
  const request = requestOf(machine, { ...execution, read, timeline, groups: found.groups });
  const outcome = await runPipeline(request);
  keepOutcome(organization, run.id, outcome);
}

/** The folder of a run: its timeline, logs and artifacts. */
export function runFolder({ runsFolder }: Pick<OpenOrganization, "runsFolder">, runId: number): string {
  return join(runsFolder, String(runId));
}

/** Ends a run. */
export function finish(
  organization: OpenOrganization,
  runId: number,
  end: { readonly result: "failed" | "canceled"; readonly issues: readonly string[] },
): void {
  changeRun(organization, runId, ({ issues }) => ({
    runState: "completed",
    result: end.result,
    finishedOn: organization.now(),
    issues: [...issues, ...end.issues.map((message) => ({ kind: "error" as const, message }))],
  }));
}

/** The pipeline of a run as its commit has it, with its parameters and the variables that are known before. */
export async function readForRun(plan: RunPlan, override?: string): Promise<ReadPipeline> {
  const { organization, pipeline, run } = plan;
  const given = Object.entries(givenVariables(plan)).map(([name, { value }]) => [name, value] as const);
  return await readPipeline(
    {
      organization,
      repositoryId: run.repositoryId,
      revision: run.commit,
      file: yamlFileOf(pipeline.content),
    },
    {
      parameters: parameterValues(run.parameters),
      variables: { ...Object.fromEntries(given), ...predefinedFor(plan) },
      ...(override === undefined ? {} : { override }),
    },
  );
}

/** Numbers the run as its pipeline says, and settles which runs its resources stand for. */
function prepare(plan: RunPlan, { root }: Good): void {
  const { organization, pipeline, run } = plan;
  const format = textOf(root, "name") ?? "";
  const runNumber = format === "" ? run.runNumber : formatRunNumber(format, plan, predefinedFor(plan));
  const others = readPipelineResources(root)
    .filter(({ alias }) => run.pipelineRuns[alias] === undefined)
    .flatMap((resource) => {
      const newest = newestRunFor(organization, pipeline, resource);
      return newest === undefined ? [] : [[resource.alias, newest.id] as const];
    });
  changeRun(organization, run.id, ({ pipelineRuns }) => ({
    runNumber,
    pipelineRuns: { ...Object.fromEntries(others), ...pipelineRuns },
  }));
}

interface Ready extends Execution {
  readonly read: Good;
  readonly timeline: RunTimeline;
  readonly groups: RunRequest["groups"];
}

function requestOf(machine: RunMachine, ready: Ready): RunRequest {
  const { organization, locks, waits } = machine;
  const { read, timeline, signal } = ready;
  const run = runNow(organization, ready.run);
  const plan: RunPlan = { ...ready, run };
  const repository = findRepository(organization, { project: undefined, idOrName: run.repositoryId });
  const given = Object.entries(givenVariables(plan));
  const warn = (message: string): void =>
    changeRun(organization, run.id, ({ issues }) => ({ issues: [...issues, { kind: "warning", message }] }));
  const gate = { organization, waits, locks, run, model: read.model, timeline, signal, warn };
  return {
    model: skipStages(read.model, run.stagesToSkip),
    folder: join(runFolder(organization, run.id), "work"),
    source: {
      repository: join(organization.gitFolder, repositoryFolder(repository)),
      branch: run.branch,
      commit: run.commit,
    },
    variables: {
      ...serviceVariables(machine.services, read.root),
      ...Object.fromEntries(given.map(([name, { value }]) => [name, value])),
      ...predefinedFor(plan),
      ...resourceVariables(plan),
      "System.AccessToken": machine.token.reveal(),
    },
    secretNames: given.filter(([, { isSecret }]) => isSecret).map(([name]) => name),
    groups: groupsWithServices(ready.groups, machine.services, { root: read.root, token: machine.token }),
    artifactsOf: (alias) => artifactsOf(organization, runNow(organization, run).pipelineRuns[alias]),
    approve: (request) => passChecks(gate, request),
    report: (event) => report(ready, event, () => locks.release(run.id, stageOf(event))),
    signal,
    stop: ready.stop,
    agents: machine.agents,
    environ: machine.environ,
  };
}

function report({ timeline, stageEnded }: Ready, event: RunEvent, release: () => void): void {
  timeline.tell(event);
  const stage = stageOf(event);
  if (event.type !== "finished" || stage === undefined) return;
  release();
  stageEnded(stage, event.result === "succeeded" || event.result === "succeededWithIssues");
}

/** The stage that an event is about as a whole. */
function stageOf(event: RunEvent): string | undefined {
  return "at" in event && event.at.job === undefined ? event.at.stage : undefined;
}

function runNow(organization: OpenOrganization, run: RunRecord): RunRecord {
  return organization.list(runKind, isRun).find(({ id }) => id === run.id) ?? run;
}

function artifactsOf(organization: OpenOrganization, runId: number | undefined): string | undefined {
  const run = organization.list(runKind, isRun).find(({ id }) => id === runId);
  return run === undefined ? undefined : join(runFolder(organization, run.id), "work", "artifacts");
}

const results = {
  succeeded: "succeeded",
  succeededWithIssues: "partiallySucceeded",
  failed: "failed",
  canceled: "canceled",
  skipped: "succeeded",
} as const;

function keepOutcome(organization: OpenOrganization, runId: number, outcome: RunOutcome): void {
  changeRun(organization, runId, ({ tags, issues }) => ({
    runState: "completed",
    result: results[outcome.result],
    finishedOn: organization.now(),
    artifacts: outcome.artifacts,
    runNumber: outcome.number,
    tags: [...new Set([...tags, ...outcome.tags])],
    issues: [
      ...issues,
      ...outcome.notEmulated.map((what) => ({
        kind: "warning" as const,
        message: `Not emulated on this machine: ${what}`,
      })),
    ],
  }));
}
