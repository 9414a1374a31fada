import type { RunPlan } from "./run-variables.ts";

const dateParts = /yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s/g;

/** What the `name` of a pipeline makes of a run: dates, counted revisions, and variables that are known before it begins. */
export function formatRunNumber(
  format: string,
  { organization, run }: RunPlan,
  variables: Readonly<Record<string, string>>,
): string {
  const known = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  const withoutRevision = format
    .replaceAll(/\$\(Date:([^)]*)\)/gi, (_all, form: string) => formatDate(form, run.queuedOn))
    .replaceAll(/\$\(([\w.]+)\)/g, (all, name: string) => shortName(name, known) ?? all);
  return withoutRevision.replaceAll(/\$\(Rev:([^)]*)\)/gi, (_all, form: string) => {
    const number = organization.nextNumber(`name ${run.pipelineId} ${withoutRevision}`);
    const digits = form.replaceAll(/[^r]/gi, "").length;
    return form.replace(/r+/i, String(number).padStart(digits, "0"));
  });
}

/** Some names have a short form here only. */
function shortName(name: string, known: ReadonlyMap<string, string>): string | undefined {
  const key = name.toLowerCase();
  const long: Readonly<Record<string, string>> = {
    builddefinitionname: "build.definitionname",
    buildid: "build.buildid",
    sourcebranchname: "build.sourcebranchname",
    teamproject: "system.teamproject",
  };
  return known.get(long[key] ?? key);
}

function formatDate(form: string, date: string): string {
  const at = new Date(date);
  const parts: Readonly<Record<string, number>> = {
    yyyy: at.getUTCFullYear(),
    yy: at.getUTCFullYear() % 100,
    MM: at.getUTCMonth() + 1,
    dd: at.getUTCDate(),
    HH: at.getUTCHours(),
    mm: at.getUTCMinutes(),
    ss: at.getUTCSeconds(),
  };
  return form.replaceAll(dateParts, (part) => {
    const value = parts[part] ?? parts[part + part] ?? 0;
    return String(value).padStart(part.length, "0");
  });
}
