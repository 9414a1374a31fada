import type { StepModel } from "../pipeline-model.ts";
import type { StepRunner } from "./step-call.ts";
import { runDownload, runDownloadTask, runPublish } from "./steps/artifacts.ts";
import { runAzureCli } from "./steps/azure-cli.ts";
import { runCache } from "./steps/cache.ts";
import { runCheckout } from "./steps/checkout.ts";
import { runPublishCoverage } from "./steps/coverage.ts";
import { runManualValidation } from "./steps/manual-validation.ts";
import { runPowerShell } from "./steps/power-shell.ts";
import { runPythonScript } from "./steps/python-script.ts";
import { runUsePythonVersion } from "./steps/python.ts";
import { runBash, runCmdLine } from "./steps/shell.ts";
import { runPublishTestResults } from "./steps/test-results.ts";

/** Steps by their kind, and tasks by their name, in lower case. */
const runners: ReadonlyMap<string, StepRunner> = new Map<string, StepRunner>([
  ["checkout", runCheckout],
  ["bash", runBash],
  ["bash@3", runBash],
  ["script", runCmdLine],
  ["cmdline@2", runCmdLine],
  ["pwsh", runPowerShell],
  ["powershell", runPowerShell],
  ["powershell@2", runPowerShell],
  ["publish", runPublish],
  ["publishpipelineartifact@1", runPublish],
  ["download", runDownload],
  ["downloadpipelineartifact@2", runDownloadTask],
  ["usepythonversion@0", runUsePythonVersion],
  ["pythonscript@0", runPythonScript],
  ["cache@2", runCache],
  ["publishtestresults@2", runPublishTestResults],
  ["publishcodecoverageresults@2", runPublishCoverage],
  ["azurecli@2", runAzureCli],
  ["manualvalidation@1", runManualValidation],
]);

/** What does the work of a step; where nothing here does, the step is skipped and named. */
export function runnerOf(step: StepModel): StepRunner {
  return runners.get(keyOf(step)) ?? skipVisibly;
}

const titles: Readonly<Record<string, string>> = {
  bash: "Bash",
  script: "CmdLine",
  pwsh: "PowerShell",
  powershell: "PowerShell",
  publish: "Publish artifact",
};

/** How a step without a name of its own is called. */
export function titleOf({ kind, main }: StepModel): string {
  if (kind === "checkout") return `Checkout ${main.text}`;
  if (kind === "download") return `Download ${main.text}`;
  return titles[kind] ?? main.text.split("@")[0] ?? kind;
}

const skipVisibly: StepRunner = ({ step, notEmulated }) => {
  const what = step.kind === "task" ? `the task ${step.main.text}` : `steps of the kind ${step.kind}`;
  notEmulated(what);
  return Promise.resolve({ result: "skipped", why: `A local run does not emulate ${what}.` });
};

function keyOf({ kind, main }: StepModel): string {
  return (kind === "task" ? main.text : kind).toLowerCase();
}
