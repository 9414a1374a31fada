// The process behind `eac-model local start`: node daemon-main.js <folder> <port> [project …]
import { claimFolder, ensureToken, releaseFolder, writeDaemonRecord } from "./daemon-files.ts";
import { startLocalOrganization } from "./start.ts";

const [folder = "", port = "0", ...projects] = process.argv.slice(2);

if (claimFolder(folder)) {
  try {
    await serve();
  } catch (error) {
    releaseFolder(folder);
    throw error;
  }
}

async function serve(): Promise<void> {
  const token = ensureToken(folder);
  const organization = await startLocalOrganization({ folder, port: Number(port), token, projects });
  const { port: actual } = new URL(organization.url);
  writeDaemonRecord(folder, { pid: process.pid, url: organization.url, port: Number(actual) });
  const stop = async (): Promise<void> => {
    await organization[Symbol.asyncDispose]();
    releaseFolder(folder);
    process.exitCode = 0;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}
