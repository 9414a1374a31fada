import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLocalOrganization, type LocalOptions, type LocalOrganization } from "../../lib/local/start.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const project = "AnalyticsOps";
export const repositories = `${project}/_apis/git/repositories`;

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

/** A running organisation, where pipelines run unless options say otherwise, with the repository `iris`, a working copy of it, and whatever a test asks of both. */
export interface Workplace extends AsyncDisposable {
  readonly local: LocalOrganization;
  readonly folder: string;
  readonly repositoryId: string;
  /** A request of the owner, or of the person of a mail address; the answer's body, its status under `status`. */
  ask(method: string, path: string, body?: unknown, person?: string): Promise<{ status: number; body: Json }>;
  /** git in the working copy; throws where it fails. */
  git(...args: string[]): Promise<string>;
  /** Writes files, commits them on the branch that is checked out, and pushes it. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Asks again until something is so. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

export async function workplace(options?: LocalOptions): Promise<Workplace> {
  const local = await startLocalOrganization(options ?? { pipelines: thisMachine() });
  const temporary = await temporaryFolder();
  const folder = temporary.path;
  const token = local.token.reveal();
  const ask: Workplace["ask"] = async (method, path, body, person = "") => {
    const response = await fetch(`${local.url}/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${person}:${token}`).toString("base64")}`,
        accept: "application/json;api-version=7.1-preview",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${token}`,
  };
  // Asynchronous: the organisation answers in this very process.
  const git = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile("git", ["-C", folder, ...args], { env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new Error(stderr));
      });
    });
  const created = await ask("POST", repositories, { name: "iris" });
  await git("init", "-q", "-b", "main");
  await git("remote", "add", "origin", `${local.url}/${project}/_git/iris`);
  return {
    local,
    folder,
    repositoryId: created.body.id,
    ask,
    git,
    push: async (message, files) => {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
      }
      await git("add", ".");
      await git("commit", "-qm", message);
      await git("push", "-q", "origin", "HEAD");
      return await git("rev-parse", "HEAD");
    },
    until: async (what, look) => {
      for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
        const found = await look();
        if (found !== undefined) return found;
      }
      throw new Error(`Waited too long for ${what}.`);
    },
    [Symbol.asyncDispose]: async () => {
      await local[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** Lets pipelines run, with the programs of this machine. */
export function thisMachine(): { readonly environ: Readonly<Record<string, string>> } {
  return { environ: { PATH: process.env["PATH"] ?? "" } };
}

/** Makes a pipeline of a file in the repository, and answers its number. */
export async function makePipeline(place: Workplace, name: string, file: string): Promise<number> {
  const { body } = await place.ask("POST", `${project}/_apis/build/definitions`, {
    name,
    process: { type: 2, yamlFilename: file },
    repository: { id: place.repositoryId, type: "TfsGit", defaultBranch: "refs/heads/main" },
    triggers: [{ settingsSourceType: 2, triggerType: 2 }],
  });
  return body.id;
}

/** The newest run of a pipeline once it has ended. */
export function endedRun(place: Workplace, pipelineId: number, most = 1): Promise<Json> {
  return place.until(`the end of run ${most} of pipeline ${pipelineId}`, async () => {
    const { body } = await place.ask("GET", `${project}/_apis/build/builds?definitions=${pipelineId}`);
    const [newest] = body.value;
    return body.count >= most && newest?.status === "completed" ? newest : undefined;
  });
}

/** Everything that the steps of a run wrote. */
export async function logOf(place: Workplace, buildId: number): Promise<string> {
  const logs = `${project}/_apis/build/builds/${buildId}/logs`;
  const { body } = await place.ask("GET", logs);
  const texts = await Promise.all(
    body.value.map(async ({ id }: Json) => (await place.ask("GET", `${logs}/${id}`)).body.value.join("\n")),
  );
  return texts.join("\n");
}
