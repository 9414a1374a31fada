import { readFileSync } from "node:fs";
import { allOff, type Services, type ServiceStatus } from "./service-status.ts";
import { daemonFiles } from "./daemon-files.ts";
import { writeFileAtomically } from "./devops/state/write-file-atomically.ts";

/** What a running process leaves in its folder. */
export interface DaemonRecord {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** The ports that the other servers had last; 0: none so far. */
  readonly ports: Services<number>;
  readonly services: Services;
}

/** The record of the last process, running or not. */
export function readDaemonRecord(folder: string): DaemonRecord | undefined {
  try {
    return parse(JSON.parse(readFileSync(daemonFiles(folder).record, "utf8")));
  } catch {
    return undefined;
  }
}

/** The record is for its owner only: it is replaced as a whole. */
export function writeDaemonRecord(folder: string, record: DaemonRecord): void {
  writeFileAtomically(daemonFiles(folder).record, JSON.stringify(record));
}

/** A record of an earlier version knows no other servers. */
function parse(content: unknown): DaemonRecord | undefined {
  if (!isObject(content)) return undefined;
  const { pid, url, port, ports, services } = content;
  if (typeof pid !== "number" || typeof url !== "string" || typeof port !== "number") return undefined;
  return { pid, url, port, ports: parsePorts(ports), services: parseServices(services) };
}

function parsePorts(content: unknown): Services<number> {
  const ports = isObject(content) ? content : {};
  return { databricks: asPort(ports["databricks"]), mlflow: asPort(ports["mlflow"]) };
}

function parseServices(content: unknown): Services {
  const services = isObject(content) ? content : {};
  return {
    databricks: parseStatus(services["databricks"]) ?? allOff.databricks,
    mlflow: parseStatus(services["mlflow"]) ?? allOff.mlflow,
  };
}

function parseStatus(content: unknown): ServiceStatus | undefined {
  if (!isObject(content) || !isState(content["state"])) return undefined;
  const { url, state, detail } = content;
  return { url: asText(url), state, detail: asText(detail) };
}

function asPort(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isState(value: unknown): value is ServiceStatus["state"] {
  return value === "starting" || value === "running" || value === "unavailable" || value === "off";
}

function isObject(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === "object" && content !== null;
}
