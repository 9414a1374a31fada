import type { PipelineProblem } from "../problem.ts";
import { entryOf, itemsOf, type MapNode, type ScalarNode, type YamlNode } from "../yaml-node.ts";

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: readonly Field[] = [
  { name: "minute", least: 0, most: 59, words: [] },
  { name: "hour", least: 0, most: 23, words: [] },
  { name: "day", least: 1, most: 31, words: [] },
  { name: "month", least: 1, most: 12, words: months },
  { name: "day of the week", least: 0, most: 6, words: days },
];

/** The times of schedules: five fields, each within its range; and the branches that they run for. */
export function checkSchedules(root: MapNode): readonly PipelineProblem[] {
  return itemsOf(entryOf(root, "schedules")).flatMap(checkSchedule);
}

function checkSchedule(schedule: YamlNode): readonly PipelineProblem[] {
  const cron = entryOf(schedule, "cron");
  const problems: PipelineProblem[] = [];
  if (cron?.kind === "scalar") problems.push(...checkCron(cron));
  else problems.push({ at: schedule.at, message: "A schedule needs its time, cron." });
  if (entryOf(schedule, "branches") === undefined) {
    const message = "A schedule needs the branches that it runs for.";
    problems.push({ at: schedule.at, message, isAdvice: true });
  }
  return problems;
}

function checkCron({ text, at }: ScalarNode): readonly PipelineProblem[] {
  const given = text.trim().split(/\s+/);
  if (given.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(", ");
    return [{ at, message: `'${text}' is no schedule of five fields: ${names}.` }];
  }
  return fields.flatMap((field, index) => {
    const value = given[index] ?? "";
    if (value.split(",").every((part) => isPart(part, field))) return [];
    const range = `${field.least} to ${field.most}`;
    return [{ at, message: `'${value}' is no ${field.name} of a schedule; it goes from ${range}.` }];
  });
}

/** `*`, `5`, `1-5`, each with `/step`. */
function isPart(text: string, field: Field): boolean {
  const [range = "", step, ...others] = text.split("/");
  if (others.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => valueOf(end, field));
  const [first, last] = ends.length === 1 ? [ends[0], ends[0]] : ends;
  return ends.length <= 2 && first !== undefined && last !== undefined && first <= last;
}

function valueOf(text: string, { least, most, words }: Field): number | undefined {
  const word = words.findIndex((name) => /^[a-z]+$/i.test(text) && text.slice(0, 3).toLowerCase() === name);
  const value = word >= 0 ? word + least : Number(text);
  if (word < 0 && !/^\d+$/.test(text)) return undefined;
  return value >= least && value <= most ? value : undefined;
}
