// The process behind `eac-model local start`: node daemon-main.js <folder> <port> [only-devops] [no-pipelines]. What it writes goes to server.log in
// the folder. As the command line does, it reads the environment of the process, once, for the programs that it starts.
import { claimFolder, ensureToken, releaseFolder } from "./daemon-files.ts";
import { readDaemonRecord, writeDaemonRecord } from "./daemon-record.ts";
import type { Services } from "./service-status.ts";
import { startLocalPlatform } from "./start-platform.ts";

const [folder = "", port = "0", ...switches] = process.argv.slice(2);
const log = (text: string): void => void process.stderr.write(`${new Date().toISOString()} ${text}\n`);

// Where another process has the folder, whoever started this one finds that one.
if (claimFolder(folder)) {
  try {
    await serve();
  } catch (error) {
    releaseFolder(folder);
    log(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function serve(): Promise<void> {
  const token = ensureToken(folder);
  let ports = readDaemonRecord(folder)?.ports ?? { databricks: 0, mlflow: 0 };
  const wanted = !switches.includes("only-devops") ? { services: { environ: process.env, ports } } : {};
  const running = switches.includes("no-pipelines") ? {} : { pipelines: { environ: process.env } };
  const platform = await startLocalPlatform({
    folder,
    port: Number(port),
    token,
    log,
    ...running,
    ...wanted,
  });
  platform.watch((services) => {
    ports = newestPorts(services, ports);
    const { url } = platform.organization;
    writeDaemonRecord(folder, { pid: process.pid, url, port: portOf(url), ports, services });
  });
  const stop = async (): Promise<void> => {
    await platform[Symbol.asyncDispose]();
    releaseFolder(folder);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

/** A server that is off or has failed gets, next time, the port that it had. */
function newestPorts({ databricks, mlflow }: Services, before: Services<number>): Services<number> {
  return {
    databricks: databricks.url === undefined ? before.databricks : portOf(databricks.url),
    mlflow: mlflow.url === undefined ? before.mlflow : portOf(mlflow.url),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
