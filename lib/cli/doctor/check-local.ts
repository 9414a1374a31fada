import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { LocalStatus } from "../../local/daemon.ts";
import type { Context } from "../context.ts";
import { findingOf, ok, type Finding } from "./finding.ts";

const topic = "local organisation";

/** The organisation on this machine: whether it runs, and what would be in the way of its start. */
export async function checkLocal({ localFolder }: Context): Promise<readonly Finding[]> {
  try {
    const { readStatus } = await import("../../local/daemon.ts");
    const status = await readStatus(localFolder);
    return status.running ? running(status) : [await stopped(localFolder)];
  } catch (error) {
    return [findingOf(topic, error, "warning")];
  }
}

function running({ url, pid, databricks, mlflow }: LocalStatus): readonly Finding[] {
  const services = { databricks, mlflow };
  const broken = Object.entries(services).flatMap(([name, { state, detail }]): readonly Finding[] => {
    if (state !== "unavailable") return [];
    const text = `${name} is not available: ${detail ?? "it gave no reason"}`;
    const hint = "Remove the cause, then: eac-model local stop && eac-model local start";
    return [{ topic, level: "warning", text, hint }];
  });
  return [ok(topic, `runs at ${url} (process ${pid})`), ...broken];
}

async function stopped(folder: string): Promise<Finding> {
  const { daemonFiles, folderOwner } = await import("../../local/daemon-files.ts");
  const { readDaemonRecord } = await import("../../local/daemon-record.ts");
  const owner = folderOwner(folder);
  if (owner !== undefined) {
    const text = `process ${owner} has ${folder} and does not answer`;
    return { topic, level: "warning", text, hint: "It may be starting; if not: eac-model local stop" };
  }
  if (existsSync(daemonFiles(folder).lock)) {
    const text = `${folder} has the lock of a process that is gone`;
    return {
      topic,
      level: "warning",
      text,
      hint: "Nothing to do: the next eac-model local start takes it over.",
    };
  }
  const port = readDaemonRecord(folder)?.port;
  if (port === undefined) return ok(topic, "not started so far (eac-model local start)");
  if (await isFree(port)) return ok(topic, `not running; its port ${port} is free`);
  return {
    topic,
    level: "warning",
    text: `not running, and another program has its port ${port}`,
    hint: "The next start takes another port, and the remotes of clones have to be changed; or end that program first.",
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host: "127.0.0.1", port }, () => probe.close(() => resolve(true)));
  });
}
