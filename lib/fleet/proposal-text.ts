import { mostDescriptionCharacters, type PullRequestContent } from "../devops/pull-requests.ts";
import { cellText, codeSpan } from "../report/markdown.ts";
import type { UpdateEntry } from "../update/update-plan.ts";
import { countsSentence, countVerdicts, verdictsByWeight } from "../update/count-verdicts.ts";

/** What an update proposes, as far as its words need it. */
export interface ProposedUpdate {
  readonly from: string;
  readonly to: string;
  /** Hash of everything the templates make in the new version with the repository's answers. */
  readonly targetSha256: string;
  readonly entries: readonly UpdateEntry[];
  /** What changed in the templates, as Markdown; empty where it is not known. */
  readonly changes: string;
}

const unremarkable = new Set<string>(["same", "team", "released", "keep"]);
const leastForChanges = 1200;
const goesOn = "\n\n*… and more: this is the beginning of the change log.*";

/** Title and description of the pull request; a draft where a person has to decide. */
export function pullRequestContent(update: ProposedUpdate): PullRequestContent {
  const conflicts = conflictsOf(update).length;
  return {
    title: update.from === update.to ? `Apply new answers of eac-model` : `Update to eac-model ${update.to}`,
    description: describe(update, conflicts),
    isDraft: conflicts > 0,
  };
}

/** Stands in the first line of a description: by it a later run knows which update was closed. */
export function updateMarker({ to, targetSha256 }: Pick<ProposedUpdate, "to" | "targetSha256">): string {
  return `<!-- eac-model:update ${to} ${targetSha256.slice(0, 16)} -->`;
}

/** Everything fits into what the service takes: the table is shortened first, then the change log, and both say so. */
function describe(update: ProposedUpdate, conflicts: number): string {
  const head = headOf(update, conflicts);
  const rows = rowsOf(update);
  const room = mostDescriptionCharacters - head.length;
  const whole = sectionOf(update.changes);
  const table = tableOf(rows, room - Math.min(whole.length, leastForChanges));
  const changes = shorten(whole, room - table.length);
  return `${head}${table}${changes}`;
}

function headOf(update: ProposedUpdate, conflicts: number): string {
  const { from, to, entries } = update;
  const what =
    from === to
      ? `This applies changed answers with the templates of eac-model ${to}.`
      : `This brings the repository from the templates of eac-model ${from} to those of ${to}.`;
  const decide =
    conflicts === 0
      ? []
      : [
          `**${conflicts === 1 ? "1 file needs" : `${conflicts} files need`} a decision**, so this is a draft. Nothing was lost: where both sides ` +
            "changed the same lines, the file holds both between conflict markers. Resolve them on this branch, then publish the pull request.",
        ];
  return [
    updateMarker(update),
    what,
    ...decide,
    `Files: ${countsSentence(countVerdicts(entries))}.`,
    "",
  ].join("\n\n");
}

function rowsOf({ entries }: ProposedUpdate): readonly string[] {
  return entries
    .filter(({ verdict }) => !unremarkable.has(verdict))
    .toSorted((left, right) => weightOf(left) - weightOf(right))
    .map(({ path, movedFrom, verdict, reason }) => {
      const where = movedFrom === undefined ? codeSpan(path) : `${codeSpan(movedFrom)} → ${codeSpan(path)}`;
      return `| ${verdict} | ${where} | ${cellText(reason)} |\n`;
    });
}

function weightOf({ verdict }: UpdateEntry): number {
  return verdictsByWeight.indexOf(verdict);
}

function restRow(count: number): string {
  return `| … | ${count} more | \`eac-model update --dry-run\` names them |\n\n`;
}

function tableOf(rows: readonly string[], room: number): string {
  if (rows.length === 0) return "";
  const head = "| Verdict | File | Why |\n|---|---|---|\n";
  const whole = `${head}${rows.join("")}\n`;
  if (whole.length <= room) return whole;
  let table = head;
  for (const [index, row] of rows.entries()) {
    if (table.length + row.length + restRow(rows.length).length > room)
      return `${table}${restRow(rows.length - index)}`;
    table += row;
  }
  return table;
}

function sectionOf(changes: string): string {
  return changes === "" ? "" : `## Changes in the templates\n\n${changes.replaceAll(/^#/gm, "##")}\n`;
}

/** Cut at the end of a line, so that no markup is torn. */
function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  const lines = text.slice(0, Math.max(0, room - goesOn.length)).split("\n");
  return `${lines.slice(0, -1).join("\n")}${goesOn}`;
}

function conflictsOf({ entries }: ProposedUpdate): readonly UpdateEntry[] {
  return entries.filter(({ verdict }) => verdict === "conflict");
}
