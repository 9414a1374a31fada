// Whether Databricks and MLflow come to run on this machine.
import { setTimeout as sleep } from "node:timers/promises";

/** Why they will not, as soon as that is known; undefined when they run or are being prepared. */
export async function pythonProblem(readStatus) {
  for (;;) {
    const { databricks, mlflow } = readStatus();
    const gone = [databricks, mlflow].find(({ state }) => state === "unavailable" || state === "off");
    if (gone !== undefined) return gone.detail ?? "Databricks and MLflow were switched off (--only-devops).";
    const isKnown = [databricks, mlflow].every(({ state, detail }) => state === "running" || detail);
    if (isKnown) return undefined;
    await sleep(500);
  }
}
