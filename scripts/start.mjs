// npm start: the main job on this machine. Starts Azure DevOps, Databricks and MLflow here, makes the sample repositories, provisions them.
// It calls the eac-model command as a person would; nothing here is a way of its own.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, say, setUp } from "./set-up.mjs";

const samples = ["iris", "cashflow2"];
const out = process.env.EAC_MODEL_OUT ?? join(root, "out");

setUp();
const env = { ...process.env, ...sampleIdentity() };
eacModel("local", "start");
for (const sample of samples) {
  eacModel(
    "init",
    join(out, sample),
    "--answers",
    join(root, "docs", "examples", `${sample}.yml`),
    "--local",
    "--yes",
  );
}
eacModel("local", "status");
say(`
The sample repositories are in ${out}. Continue:
  your own model here        npx eac-model init my-model --local
  a real organisation        AZURE_DEVOPS_EXT_PAT=… npx eac-model init my-model --org https://dev.azure.com/<organisation>
  how far the servers are    npx eac-model local status
  what provisioning sees     npx eac-model provision ${join(out, samples[0])} --local --plan
  stop the servers           npx eac-model local stop`);

function eacModel(...words) {
  const result = spawnSync(process.execPath, [join(root, "dist", "lib", "cli", "main.js"), ...words], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** On a machine where git has no identity yet, the sample commits are signed by a sample person. */
function sampleIdentity() {
  const email = spawnSync("git", ["config", "--get", "user.email"], { cwd: root, encoding: "utf8" });
  if (email.error !== undefined) {
    console.error(
      "git was not found on the PATH; install it (https://git-scm.com/downloads) and run npm start again.",
    );
    process.exit(1);
  }
  if (email.stdout.trim() !== "" || process.env.GIT_AUTHOR_EMAIL !== undefined) return {};
  say("git has no identity here (user.name, user.email): the sample commits are signed Sample Person.");
  const name = "Sample Person";
  const address = "sample.person@example.com";
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
  };
}
