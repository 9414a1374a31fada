// The process behind `eac-model local start`: node daemon-main.js <folder> <port>. What it writes goes to server.log in the folder.
import { claimFolder, ensureToken, releaseFolder, writeDaemonRecord } from "./daemon-files.ts";
import { startLocalOrganization } from "./start.ts";

const [folder = "", port = "0"] = process.argv.slice(2);
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
  const organization = await startLocalOrganization({ folder, port: Number(port), token, log });
  const { port: actual } = new URL(organization.url);
  writeDaemonRecord(folder, { pid: process.pid, url: organization.url, port: Number(actual) });
  const stop = async (): Promise<void> => {
    await organization[Symbol.asyncDispose]();
    releaseFolder(folder);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}
