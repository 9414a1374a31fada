// The process behind `eac-model local start`: node daemon-main.js <folder> <port> [only-devops] [no-pipelines]. What it writes goes to server.log in
// the folder. As the command line does, it reads the environment of the process, once, for the programs that it starts.
import { claimFolder, ensureToken, releaseFolder } from "./daemon-files.ts";
import { readDaemonRecord, writeDaemonRecord } from "./daemon-record.ts";
import type { Services, ServiceStatus } from "./service-status.ts";
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
  const lastPorts = readDaemonRecord(folder)?.ports ?? { databricks: 0, mlflow: 0 };
  const wanted = !switches.includes("only-devops") ? { services: { environ: process.env, ports: lastPorts } } : {};
  const running = switches.includes("no-pipelines") ? {} : { pipelines: { environ: process.env } };
  const platform = await startLocalPlatform({
    folder,
    port: Number(port),
    token,
    log,
    ...running,
    ...wanted,
  });
  platform.watch((services) => writeRecord(platform.organization.url, services, lastPorts));
  const stop = async (): Promise<void> => {
    await platform[Symbol.asyncDispose]();
    releaseFolder(folder);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

function writeRecord(url: string, services: Services, lastPorts: Services<number>): void {
  const ports = {
    databricks: currentPort(services.databricks) ?? lastPorts.databricks,
    mlflow: currentPort(services.mlflow) ?? lastPorts.mlflow,
  };
  writeDaemonRecord(folder, { pid: process.pid, url, port: portOf(url), ports, services });
}

function currentPort({ url }: ServiceStatus): number | undefined {
  return url === undefined ? undefined : portOf(url);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
