import { setTimeout as sleep } from "node:timers/promises";
import {
  startLocalDatabricks,
  type LocalDatabricks,
  type LocalDatabricksOptions,
} from "../../../../lib/local/databricks/start-local-databricks.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** A running workspace and plain requests to it. */
export interface WorkspaceClient extends AsyncDisposable {
  readonly databricks: LocalDatabricks;
  /** Answers of status 200 only; anything else throws what the workspace said. */
  get(path: string, query?: Readonly<Record<string, string | number>>): Promise<Json>;
  post(path: string, body: unknown): Promise<Json>;
  /** Any answer. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Imports a notebook, or a file where the format is RAW, into a folder that is made. */
  importSource(path: string, source: string | Buffer, format?: string): Promise<void>;
  /** A running cluster. */
  startCluster(spec?: object): Promise<string>;
  /** The run, when it has ended. */
  untilOver(runId: number): Promise<Json>;
  /** What a task of a run left behind. */
  outputOf(run: Json, taskKey: string): Promise<Json>;
  /** Submits tasks as a single run and waits for its end; answers the run. */
  runTasks(tasks: readonly object[], settings?: object): Promise<Json>;
  /** What `get` answers as soon as it is as wanted. */
  until(get: () => Promise<Json>, isWanted: (value: Json) => boolean): Promise<Json>;
}

export const clusterSpec = {
  spark_version: "17.3.x-cpu-ml-scala2.13",
  node_type_id: "Standard_DS3_v2",
  num_workers: 1,
};

/** Variables of this machine that code in the workspace needs. */
export const environ: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(PATH|HOME|PIP_.*|.*_PROXY|SSL_CERT_FILE)$/i.test(name) ? [[name, value]] : [],
  ),
);

const until: WorkspaceClient["until"] = async (look, isWanted) => {
  for (;;) {
    const value = await look();
    if (isWanted(value)) return value;
    await sleep(20);
  }
};

/** Starts a workspace whose clusters start at once. */
export async function startWorkspace(options: LocalDatabricksOptions): Promise<WorkspaceClient> {
  const databricks = await startLocalDatabricks({
    environ,
    clusterStartMs: 20,
    log: (text) => process.stderr.write(text),
    ...options,
  });
  const headers = {
    authorization: `Bearer ${databricks.token.reveal()}`,
    "content-type": "application/json",
  };
  const ask: WorkspaceClient["ask"] = async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${databricks.url}${path}`, { method, headers, ...init });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  };
  const must = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await ask(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  };
  const get: WorkspaceClient["get"] = (path, query = {}) => {
    const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    return must("GET", `${path}?${new URLSearchParams(words).toString()}`);
  };
  const post: WorkspaceClient["post"] = (path, body) => must("POST", path, body);
  const untilOver = (runId: number): Promise<Json> =>
    until(
      () => get("/api/2.2/jobs/runs/get", { run_id: runId }),
      ({ state }) => ["TERMINATED", "SKIPPED", "INTERNAL_ERROR"].includes(state.life_cycle_state),
    );
  return {
    databricks,
    untilOver,
    outputOf: async (run, taskKey) => {
      const task = run.tasks.find((entry: Json) => entry.task_key === taskKey);
      return await get("/api/2.2/jobs/runs/get-output", { run_id: task.run_id });
    },
    ask,
    get,
    post,
    until,
    importSource: async (path, source, format = "SOURCE") => {
      await post("/api/2.0/workspace/mkdirs", { path: path.slice(0, path.lastIndexOf("/")) });
      const language = format === "SOURCE" ? { language: "PYTHON" } : {};
      const content = Buffer.from(source).toString("base64");
      await post("/api/2.0/workspace/import", { path, format, ...language, content, overwrite: true });
    },
    startCluster: async (spec = {}) => {
      const { cluster_id } = await post("/api/2.1/clusters/create", { ...clusterSpec, ...spec });
      await until(
        () => get("/api/2.1/clusters/get", { cluster_id }),
        ({ state }) => state === "RUNNING",
      );
      return cluster_id;
    },
    runTasks: async (tasks, settings = {}) => {
      const { run_id } = await post("/api/2.2/jobs/runs/submit", { tasks, ...settings });
      return await untilOver(run_id);
    },
    [Symbol.asyncDispose]: () => databricks[Symbol.asyncDispose](),
  };
}
