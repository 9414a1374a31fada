import { countsSentence, countVerdicts, verdictsByWeight } from "../../update/count-verdicts.ts";
import { paint, type Colour } from "../../report/colour.ts";
import type { Reporter } from "../../report/reporter.ts";
import { unifiedDiff } from "../../update/unified-diff.ts";
import type { UpdateEntry, UpdatePlan, Verdict } from "../../update/update-plan.ts";
import type { ReadyUpdate } from "./ready-update.ts";

const unremarkable = new Set<Verdict>(["same", "team", "released"]);
const verdictWidth = 12;
const mostPathWidth = 60;
const mostNamed = 10;

/** The plan as a person reads it: what changed in the answers, one line for each file that is worth one, and the counts. */
export function showUpdatePlan(reporter: Reporter, ready: ReadyUpdate): void {
  const { folder, from, to, answers } = ready;
  const { plan } = ready.planned;
  reporter.report({ type: "section", title: updateTitle(folder, { from, to }) });
  for (const { path, before, after } of answers)
    reporter.report({ type: "line", text: `  answer ${path}: ${shown(before)} → ${shown(after)}` });
  const entries = worthALine(plan);
  const width = Math.min(mostPathWidth, Math.max(0, ...entries.map((entry) => placeOf(entry).length)));
  for (const entry of entries) {
    const place = placeOf(entry).padEnd(width);
    reporter.report({
      type: "line",
      text: `  ${entry.verdict.padEnd(verdictWidth)}  ${place}  ${entry.reason}`,
    });
  }
  showLeftBehind(reporter, ready.planned.leftBehind);
  reporter.report({ type: "line", text: `\nPlan: ${countsSentence(countVerdicts(plan.entries))}.` });
}

function showLeftBehind(reporter: Reporter, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : "";
  reporter.report({
    type: "warning",
    text: `git does not know these files, so they stay in the folder with the old name: ${paths.slice(0, mostNamed).join(", ")}${more}.`,
    hint: "Move them yourself, or commit them before the update.",
  });
}

/** What an update is of, and between which versions, or with which one. */
export function updateTitle(
  folder: string,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  const versions = from === to ? `with eac-model ${to}` : `from eac-model ${from} to ${to}`;
  return `Update of ${folder} ${versions}`;
}

/** What every file of the plan would become, as a unified diff. */
export async function showDiffs(reporter: Reporter, plan: UpdatePlan, useColour: boolean): Promise<void> {
  for (const entry of worthALine(plan)) {
    const diff = await unifiedDiff(entry);
    if (diff === "") continue;
    const lines = diff.trimEnd().split("\n");
    reporter.report({ type: "line", text: `\n${lines.map((line) => painted(line, useColour)).join("\n")}` });
  }
}

function worthALine({ entries }: UpdatePlan): readonly UpdateEntry[] {
  return entries
    .filter(({ verdict }) => !unremarkable.has(verdict))
    .toSorted(
      (left, right) => verdictsByWeight.indexOf(left.verdict) - verdictsByWeight.indexOf(right.verdict),
    );
}

function placeOf({ path, movedFrom }: UpdateEntry): string {
  return movedFrom === undefined ? path : `${movedFrom} → ${path}`;
}

function shown(answer: unknown): string {
  return answer === undefined ? "(none)" : JSON.stringify(answer);
}

const lineColours: readonly (readonly [string, Colour])[] = [
  ["diff ", "bold"],
  ["@@", "cyan"],
  ["+", "green"],
  ["-", "red"],
];

function painted(line: string, useColour: boolean): string {
  const colour = lineColours.find(([start]) => line.startsWith(start))?.[1];
  return colour === undefined ? line : paint(line, colour, useColour);
}
