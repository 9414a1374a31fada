import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type * as daemonModule from "../../../lib/local/daemon.ts";
import type * as approvalsModule from "../../../lib/local/decide-approvals.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const built = join(import.meta.dirname, "..", "..", "..", "dist", "lib", "local");
const { readStatus, readToken, startDaemon, stopDaemon }: typeof daemonModule = await import(
  join(built, "daemon.js")
);
const { decideApprovals }: typeof approvalsModule = await import(join(built, "decide-approvals.js"));
const project = "AnalyticsOps";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const pipeline = `trigger: none
jobs:
  - deployment: Roll
    environment: iris-qa
    strategy:
      runOnce:
        deploy:
          steps:
            - bash: |
                set -euo pipefail
                echo deployed
`;

/** A daemon with a pipeline whose deployment waits for the approval of zoe. */
async function daemon() {
  const folder = await temporaryFolder();
  const path = join(folder.path, "local");
  await startDaemon({ folder: path, port: 0, projects: [], onlyDevops: true });
  const { url = "" } = await readStatus(path);
  const token = readToken(path).reveal();
  const ask = async (method: string, at: string, body?: unknown): Promise<Json> => {
    const response = await fetch(`${url}/${at}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json;api-version=7.1-preview",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await response.json();
  };
  const work = join(folder.path, "work");
  await mkdir(work);
  const env = { ...process.env, GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader" };
  const git = (...args: string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const credential = { GIT_CONFIG_VALUE_0: `Authorization: Bearer ${token}` };
      execFile("git", ["-C", work, ...args], { env: { ...env, ...credential } }, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  const { id: repositoryId } = await ask("POST", `${project}/_apis/git/repositories`, { name: "iris" });
  await git("init", "-q", "-b", "main");
  await writeFile(join(work, "run.yml"), pipeline);
  await git("add", ".");
  await git("commit", "-qm", "Pipeline");
  await git("push", "-q", `${url}/${project}/_git/iris`, "main");
  const { id } = await ask("POST", `${project}/_apis/pipelines`, {
    name: "iris-release",
    configuration: { type: "yaml", path: "run.yml", repository: { id: repositoryId, type: "azureReposGit" } },
  });
  const { value } = await ask("GET", "_apis/identities?searchFilter=General&filterValue=zoe@example.com");
  const environment = await ask("POST", `${project}/_apis/pipelines/environments`, { name: "iris-qa" });
  const resource = { type: "environment", id: String(environment.id) };
  await ask("POST", `${project}/_apis/pipelines/checks/configurations`, {
    type: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d" },
    settings: { approvers: [{ id: value[0].id }] },
    resource,
  });
  await ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/environment/${environment.id}`, {
    allPipelines: { authorized: true },
  });
  return {
    path,
    ask,
    run: async (): Promise<number> => (await ask("POST", `${project}/_apis/pipelines/${id}/runs`, {})).id,
    until: async <T>(look: () => Promise<T | undefined>): Promise<T> => {
      for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
        const found = await look();
        if (found !== undefined) return found;
      }
      throw new Error("Waited too long.");
    },
    [Symbol.asyncDispose]: async () => {
      await stopDaemon(path);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("approvals that are decided by command", () => {
  beforeAll(isolateGit);

  test("let the runs go on, or end them; what is not meant waits", async () => {
    await using place = await daemon();
    const first = await place.run();
    const second = await place.run();
    const pending = async (): Promise<Json[]> => (await place.ask("GET", "../_emulator/approvals")).value;
    await place.until(async () => ((await pending()).length === 2 ? true : undefined));
    const status = await readStatus(place.path);
    const everything = { environment: undefined, run: undefined, outcome: "approved" as const };
    const ended = (run: number): Promise<string> =>
      place.until(async () => (await place.ask("GET", `${project}/_apis/build/builds/${run}`)).result);

    const missing = decideApprovals(status, { ...everything, environment: "iris-prod" });
    await expect(missing).rejects.toMatchObject({
      code: "EAC_LOCAL_NOTHING_TO_APPROVE",
      hint: `What waits: run ${first} for iris-qa, run ${second} for iris-qa.`,
    });
    const rejected = await decideApprovals(status, {
      ...everything,
      run: String(second),
      outcome: "rejected",
    });
    const approved = await decideApprovals(status, { ...everything, environment: "IRIS-QA" });

    expect(rejected).toMatchObject([{ run: second, outcome: "rejected" }]);
    expect(approved).toMatchObject([
      { run: first, pipeline: "iris-release", environment: "iris-qa", outcome: "approved" },
    ]);
    expect([await ended(first), await ended(second)]).toEqual(["succeeded", "failed"]);
  });
});
