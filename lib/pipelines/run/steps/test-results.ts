import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { filesMatching } from "../match-files.ts";
import { failed, isTrue, succeeded, type StepCall, type StepEnd } from "../step-call.ts";
import { countTests, type TestCounts } from "./junit.ts";
import { sourcesOf } from "./shell.ts";

/** Reads JUnit files, tells how the tests ended, and keeps the files with the run. */
export async function runPublishTestResults(call: StepCall): Promise<StepEnd> {
  const format = call.input("testResultsFormat") || "JUnit";
  if (format.toLowerCase() !== "junit") {
    call.notEmulated(`test results of the format ${format}`);
    return { result: "skipped", why: "A local run reads JUnit files only." };
  }
  const folder = resolve(sourcesOf(call), call.input("searchFolder"));
  const patterns = call.input("testResultsFiles") || "**/TEST-*.xml";
  const files = await filesMatching(folder, patterns);
  if (files.length === 0) return missing(call, `No test results match ${patterns} in ${folder}.`);
  const title = call.input("testRunTitle") || call.title;
  const counts: TestCounts[] = [];
  for (const file of files) {
    const found = countTests(await keep(call, file, relative(folder, file)));
    if (found === undefined) return failed(`${basename(file)} is no JUnit file.`);
    counts.push(found);
  }
  const all = sum(counts);
  call.job.run.report.tell({ type: "tests", at: call.at, title, ...all });
  const isStrict = isTrue(call.input("failTaskOnFailedTests"));
  return isStrict && all.failed > 0 ? failed(`${all.failed} tests failed.`) : succeeded;
}

function missing(call: StepCall, message: string): StepEnd {
  if (isTrue(call.input("failTaskOnMissingResultsFile"))) return failed(message);
  call.issue("warning", message);
  return succeeded;
}

/** Test results can hold what tests printed: secrets are masked in what is kept. */
async function keep({ job, at }: StepCall, file: string, name: string): Promise<string> {
  const text = job.run.masker.mask(await readFile(file, "utf8"));
  const folder = join(job.run.request.folder, "tests", `${at.stage ?? ""}.${at.job ?? ""}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name.replaceAll(/[^\w.-]/g, "_")), text);
  return text;
}

function sum(counts: readonly TestCounts[]): TestCounts {
  return counts.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
