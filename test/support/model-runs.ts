import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Answers } from "../../lib/answers/answers.ts";
import { runGit } from "../../lib/git/run-git.ts";
import { prepareScaffold } from "../../lib/scaffold/prepare-scaffold.ts";
import { writeRepository } from "../../lib/scaffold/write-repository.ts";
import { root } from "./eac-model.ts";
import type { LocalServers } from "./local-servers.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of a result is what the tests look at
type Json = any;

/** A run of `eac-model run`, as it ended. */
export interface ModelRun {
  readonly code: number;
  /** Results of the stages by their names. */
  readonly stages: Readonly<Record<string, string>>;
  /** Results of the steps by the names of their stages and their titles. */
  readonly steps: Readonly<Record<string, string>>;
  readonly artifacts: readonly string[];
  /** The folders of the artifacts. */
  readonly folders: Readonly<Record<string, string>>;
  /** Titles of the test results; a title with failures says how many. */
  readonly tests: readonly string[];
  /** The files of test results that were kept, each with its content. */
  readonly junit: readonly string[];
  readonly notEmulated: readonly string[];
  /** What the steps wrote. */
  readonly log: string;
  /** Everything that was shown or kept, to look for what must not be there. */
  readonly everything: Buffer;
}

/** A text of a file and what comes in its place. */
export type Change = readonly [file: string, from: string, to: string];

/** Python packages stay from one run of the tests to the next. */
const cache = join(root, ".cache", "runs");

/** A repository without the platform's own tests, which have a suite of their own, beside servers. */
export class ModelRuns implements AsyncDisposable {
  readonly name: string;
  private readonly servers: LocalServers;
  private readonly kept = new Set<string>();

  private constructor(servers: LocalServers, answers: Answers) {
    this.servers = servers;
    this.name = answers.model_name;
  }

  static async make(servers: LocalServers, answers: Answers): Promise<ModelRuns> {
    const runs = new ModelRuns(servers, answers);
    const { plan } = await prepareScaffold(answers, runs.folder);
    await writeRepository(plan, { signal: new AbortController().signal, hasGitFolder: false });
    await rm(join(runs.folder, "tests", "platform"), { recursive: true });
    await runs.commit("Keep the model's tests only", []);
    return runs;
  }

  get folder(): string {
    return join(this.servers.folder, this.name);
  }

  /** Replaces texts in files and commits; a text that is not there is an error. */
  async commit(message: string, changes: readonly Change[]): Promise<void> {
    for (const [file, from, to] of changes) {
      const path = join(this.folder, file);
      const text = await readFile(path, "utf8");
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}.`);
      await writeFile(
        path,
        text.replaceAll(from, () => to),
      );
    }
    await runGit(this.folder, ["add", "--all"]);
    await runGit(this.folder, ["commit", "--quiet", "--message", message]);
  }

  /** Values of a variable group for runs on this machine; they take the place of those before. */
  async setGroups(groups: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFile(join(this.folder, "variable_groups.local.yml"), JSON.stringify(groups));
  }

  async run(...words: readonly string[]): Promise<ModelRun> {
    const env = { XDG_CACHE_HOME: cache };
    const { code, output, error } = await this.servers.call(["run", ...words, "--json"], this.folder, env);
    if (!output.startsWith("{")) throw new Error(`No result: ${output}${error}`);
    const value: Json = JSON.parse(output);
    if (value.folder === undefined) throw new Error(output);
    this.kept.add(dirname(value.folder));
    const files = await readFiles(value.folder);
    const those = (folder: string): readonly string[] =>
      [...files].flatMap(([path, bytes]) => (path.startsWith(`${folder}/`) ? [bytes.toString("utf8")] : []));
    return {
      code,
      ...resultsOf(value),
      junit: those("tests"),
      log: those("logs").join("\n"),
      everything: Buffer.concat([Buffer.from(output + error), ...files.values()]),
    };
  }

  /** The versions in the registry, each with its stage, the newest first. */
  async versions(): Promise<readonly string[]> {
    const filter = encodeURIComponent(`name='${this.name}'`);
    const path = `/api/2.0/mlflow/model-versions/search?filter=${filter}`;
    const { model_versions: found = [] }: Json = await this.servers.ask("mlflow", path);
    const shown: readonly string[] = found.map(
      ({ version, current_stage }: Json) => `${version} ${current_stage}`,
    );
    return shown.toSorted().toReversed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.kept].map((path) => rm(path, { recursive: true, force: true })));
  }
}

type Results = Omit<ModelRun, "code" | "junit" | "log" | "everything">;

function resultsOf({ stages, artifacts, tests, notEmulated }: Json): Results {
  const jobs = stages.flatMap((stage: Json) =>
    stage.jobs.map((job: Json) => ({ stage: stage.name, ...job })),
  );
  const steps = jobs.flatMap((job: Json) =>
    job.steps.map((step: Json) => [`${job.stage}: ${step.title}`, step.result]),
  );
  return {
    stages: Object.fromEntries(stages.map((stage: Json) => [stage.name, stage.result])),
    steps: Object.fromEntries(steps),
    artifacts: Object.keys(artifacts).toSorted(),
    folders: artifacts,
    tests: tests
      .filter(({ passed }: Json) => passed > 0)
      .map(({ title, failed }: Json) => (failed > 0 ? `${title}: ${failed} failed` : title))
      .toSorted(),
    notEmulated,
  };
}

/** Every file below a folder, by its path from there. */
async function readFiles(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const);
  return new Map(await Promise.all(read));
}
