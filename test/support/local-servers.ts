import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { machineEnviron } from "../../lib/cli/pipelines/machine-environ.ts";
import { requirements } from "../../lib/local/mlflow/prepare-python.ts";
import { eacModel, type CommandResult } from "./eac-model.ts";
import { layeredEnvironment, sharedEnvironment } from "./python-environment.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

/** The servers of `eac-model local start`, and the same command line in the same home. */
export interface LocalServers extends AsyncDisposable {
  readonly folder: string;
  readonly token: string;
  readonly call: (
    words: readonly string[],
    cwd: string,
    env?: Readonly<Record<string, string>>,
  ) => Promise<CommandResult>;
  /** The answer of a server to a request with the token. */
  readonly ask: (server: "databricks" | "mlflow", path: string) => Promise<Json>;
}

/** Starts them as a person does; the Python that they run in is that of the other tests, so that nothing is installed. */
export async function startLocalServers(basePython: string): Promise<LocalServers> {
  const temporary = await temporaryFolder();
  const folder = temporary.path;
  const home = join(folder, "home");
  const python = join(home, "local", "python");
  await mkdir(join(home, "local"), { recursive: true, mode: 0o700 });
  await layeredEnvironment(await sharedEnvironment(basePython), python);
  await writeFile(join(python, "requirements.txt"), requirements);
  const call: LocalServers["call"] = (words, cwd, env = {}) =>
    eacModel(words, { cwd, env: { ...machineEnviron(process.env), EAC_MODEL_HOME: home, ...env } });
  const started = await call(["local", "start"], folder);
  if (started.code !== 0) throw new Error(started.error);
  const token = (await readFile(join(home, "local", "token"), "utf8")).trim();
  return {
    folder,
    token,
    call,
    ask: async (server, path) => {
      const status: Json = JSON.parse((await call(["local", "status", "--json"], folder)).output);
      const url = `${status[server].url}${path}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      return await answer.json();
    },
    [Symbol.asyncDispose]: async () => {
      await call(["local", "stop"], folder);
      await temporary[Symbol.asyncDispose]();
    },
  };
}
