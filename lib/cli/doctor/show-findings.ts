import { paint, type Colour } from "../../report/colour.ts";
import type { Context } from "../context.ts";
import type { Finding, Level } from "./finding.ts";

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const colours: Readonly<Record<Level, Colour>> = { ok: "green", warning: "yellow", problem: "red" };
const columns = { level: "problem".length, topic: "local organisation".length };

/** One table of all sections that have something to say; what to do stands below what is found. */
export function showFindings({ reporter, output }: Context, sections: readonly Section[]): void {
  const line = (text: string): void => reporter.report({ type: "line", text });
  for (const { title, findings } of sections.filter(({ findings }) => findings.length > 0)) {
    reporter.report({ type: "section", title });
    for (const { level, topic, text, hint } of findings) {
      const shown = paint(level.padEnd(columns.level), colours[level], output.useColour);
      line(`  ${shown}  ${topic.padEnd(columns.topic)}  ${text}`);
      if (hint !== undefined) line(`${" ".repeat(columns.level + columns.topic + 6)}${hint}`);
    }
  }
  line("");
  line(summaryOf(sections.flatMap(({ findings }) => findings)));
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (problems + warnings === 0) return "Everything is there.";
  return `${numbered(problems, "problem")}, ${numbered(warnings, "warning")}.`;
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
