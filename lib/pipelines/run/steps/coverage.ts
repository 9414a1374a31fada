import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { filesMatching } from "../match-files.ts";
import { failed, isTrue, succeeded, type StepCall, type StepEnd } from "../step-call.ts";
import { sourcesOf } from "./shell.ts";

/** Tells the share of lines that a Cobertura file counts as covered, and keeps the file with the run. */
export async function runPublishCoverage(call: StepCall): Promise<StepEnd> {
  const pattern = call.input("summaryFileLocation");
  const folder = pattern.startsWith("/") ? "/" : sourcesOf(call);
  const files =
    pattern.startsWith("/") && !/[*?]/.test(pattern) ? [pattern] : await filesMatching(folder, pattern);
  const rates: number[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const rate = lineRate(text);
    if (rate === undefined) continue;
    rates.push(rate);
    await keep(call, file, text);
    call.say(`${basename(file)}: ${(rate * 100).toFixed(1)} % of the lines are covered.`);
  }
  if (rates.length > 0) return succeeded;
  const message = `There is no coverage in ${pattern}.`;
  if (isTrue(call.input("failIfCoverageEmpty"))) return failed(message);
  call.issue("warning", message);
  return succeeded;
}

/** Undefined where the file counts no lines. */
function lineRate(text: string): number | undefined {
  const [tag = ""] = /<coverage\b[^>]*>/.exec(text) ?? [];
  const rate = /\bline-rate="([\d.]+)"/.exec(tag)?.[1];
  const lines = /\blines-valid="(\d+)"/.exec(tag)?.[1];
  return rate === undefined || lines === "0" ? undefined : Number(rate);
}

async function keep({ job, at }: StepCall, file: string, text: string): Promise<void> {
  const folder = join(job.run.request.folder, "coverage", `${at.stage ?? ""}.${at.job ?? ""}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, basename(file)), job.run.masker.mask(text));
}
