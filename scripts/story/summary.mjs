// What is shown at the end: every run, and where to look.
import { durationOf, formatDuration, formatTable } from "./progress.mjs";

/** A row for each run. */
export function formatSummary(runs) {
  if (runs.length === 0) return [];
  const rows = runs.map((run) => [
    run.definition.name,
    run.buildNumber,
    run.result,
    formatDuration(durationOf(run)),
    run._links.web.href,
  ]);
  return ["", "Runs", ...formatTable([["pipeline", "run", "result", "duration", "page"], ...rows])];
}

/** The pages of the sample and the commands that go on. */
export function formatWays({ organisation, model, out, status }) {
  const { page } = organisation;
  const { mlflow, tokenFile } = status;
  const registry = mlflow.url === undefined ? "not there" : `${mlflow.url}/#/models/${model}`;
  return `
Where to look
  repository      ${page(`_git/${model}`)}
  pull requests   ${page(`_git/${model}/pullrequests`)}
  runs            ${page(`_build?definitionScope=%5C${model}`)}
  MLflow          ${registry}
  A browser asks for a user name (any) and a password: the content of ${tokenFile}

Go on
  the story       npm start, each time with the next change of ${model}
  your own model  npx eac-model init my-model --local
  a real project  AZURE_DEVOPS_EXT_PAT=… npx eac-model init my-model --org https://dev.azure.com/<organisation>
  the servers     npx eac-model local status
  stop them       npx eac-model local stop
  The repositories are in ${out}.`.split("\n");
}
