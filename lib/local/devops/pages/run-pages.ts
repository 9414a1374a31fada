import { pipelinesOf } from "../routes/pipeline-record.ts";
import { approvalsOf } from "../runs/approval-record.ts";
import { runFolder } from "../runs/execute-run.ts";
import { runsOf, type RunRecord } from "../runs/run-record.ts";
import { readLog, readTimeline, type TimelineEntry } from "../runs/timeline-file.ts";
import type { Organization } from "../state/organization.ts";
import { html, type Html, type HtmlValue } from "./html.ts";
import { addressOf, link, table, type Page } from "./layout.ts";
import type { ProjectPage } from "./project-pages.ts";

const shownRuns = 50;
const longestLog = 200_000;

/** The newest runs of a project, of the pipelines that are named, each with the way to it. */
export function runsTable(
  { organization, project, baseUrl }: ProjectPage,
  pipelineIds: readonly number[],
): Html {
  const runs = runsOf(organization, project.id).filter(({ pipelineId }) => pipelineIds.includes(pipelineId));
  const rows = runs
    .toReversed()
    .slice(0, shownRuns)
    .map((run) => [
      link(run.runNumber, runAddress(baseUrl, project.name, run.id)),
      pipelineName(organization, run),
      stateOf(run),
      run.reason,
      run.branch,
      run.queuedOn,
    ]);
  return table(["Run", "Pipeline", "State", "Because of", "Branch", "Queued"], rows, "Nothing has run yet.");
}

/** A run with its stages, jobs and steps, or one of its logs; undefined where there is no such run. */
export function runPage(page: ProjectPage): Page | undefined {
  const { organization, project, query } = page;
  const run = runsOf(organization, project.id).find(({ id }) => String(id) === query.get("buildid"));
  if (run === undefined) return undefined;
  const logId = query.get("logid");
  return logId === undefined ? summaryPage(page, run) : logPage(page, run, Number(logId));
}

/** The address of the page of a run. */
export function runAddress(baseUrl: string, project: string, runId: number): string {
  return `${addressOf(baseUrl, project, "_build", "results")}?buildId=${runId}`;
}

function summaryPage(page: ProjectPage, run: RunRecord): Page {
  const { organization } = page;
  const entries = readTimeline(runFolder(organization, run.id));
  const waiting = approvalsOf(organization, run.projectId).filter(
    ({ runId, approvalState }) => runId === run.id && approvalState === "pending",
  );
  return {
    title: `${pipelineName(organization, run)} ${run.runNumber}`,
    content: [
      table(["", ""], factsOf(page, run), ""),
      run.issues.map(({ kind, message }) => html`<p>${kind}: ${message}</p>`),
      waiting.map(
        ({ environmentName }) =>
          html`<p>It waits for the approval of ${environmentName}.</p>
            <pre>eac-model local approve --run ${run.id} --environment ${environmentName}</pre>`,
      ),
      html`<h2>Stages, jobs and steps</h2>`,
      table(
        ["Name", "Result", "Began", "Ended"],
        rowsOf(entries, undefined, { page, run }),
        "Nothing has begun.",
      ),
    ],
  };
}

function factsOf({ baseUrl, project }: ProjectPage, run: RunRecord): readonly (readonly HtmlValue[])[] {
  const other = run.triggeredById;
  return [
    ["State", stateOf(run)],
    ["Because of", run.reason],
    ["Branch", run.branch],
    ["Commit", run.commit],
    ...(other === undefined
      ? []
      : [["After", link(`run ${other}`, runAddress(baseUrl, project.name, other))]]),
    ...Object.entries(run.artifacts).map(([name, folder]) => [`Artifact ${name}`, folder]),
  ];
}

interface Shown {
  readonly page: ProjectPage;
  readonly run: RunRecord;
}

/** Phases say nothing that their jobs do not. */
function rowsOf(
  entries: readonly TimelineEntry[],
  parent: TimelineEntry | undefined,
  shown: Shown,
): readonly (readonly HtmlValue[])[] {
  return entries
    .filter(({ parentId }) => parentId === parent?.id)
    .flatMap((entry) => {
      const below = rowsOf(entries, entry, shown);
      const isLeftOut = entry.type === "Phase" || entry.type.startsWith("Checkpoint");
      return isLeftOut ? below : [rowOf(entry, shown), ...below];
    });
}

const depths: Readonly<Record<string, string>> = { Stage: "", Job: "\u2003", Task: "\u2003\u2003" };

function rowOf(entry: TimelineEntry, { page, run }: Shown): readonly HtmlValue[] {
  const { name, type, logId, state, result, startTime, finishTime, issues } = entry;
  const address = `${runAddress(page.baseUrl, page.project.name, run.id)}&logId=${logId ?? 0}`;
  const title = logId === undefined ? name : link(name, address);
  const found = issues.map(({ message }) => html`<br />${message}`);
  return [[depths[type] ?? "", title], [result ?? state, found], startTime, finishTime];
}

function logPage({ organization }: ProjectPage, run: RunRecord, logId: number): Page | undefined {
  const folder = runFolder(organization, run.id);
  const entry = readTimeline(folder).find((one) => one.logId === logId);
  const lines = entry === undefined ? undefined : readLog(folder, logId);
  if (entry === undefined || lines === undefined) return undefined;
  return { title: entry.name, content: html`<pre>${lines.join("\n").slice(-longestLog)}</pre>` };
}

function pipelineName(organization: Organization, { projectId, pipelineId }: RunRecord): string {
  return (
    pipelinesOf(organization, projectId).find(({ id }) => id === pipelineId)?.name ?? `pipeline ${pipelineId}`
  );
}

function stateOf({ runState, result }: RunRecord): string {
  return result ?? runState;
}
