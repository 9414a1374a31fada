import type { FastifyReply } from "fastify";
import { createFaults, type Fault } from "../devops/faults.ts";
import { sendWorkspaceError } from "./send.ts";
import { WorkspaceError } from "./workspace-error.ts";

/** A cluster that does not become what was asked for, at its next start. */
export interface ClusterFault {
  /** `stays-pending`: it never starts. `error`: its state is ERROR. `launch-failure`: the cloud has no machine, so it is TERMINATED. */
  readonly cluster: "stays-pending" | "error" | "launch-failure";
  /** The name of the cluster; absent for any. */
  readonly name?: string;
  /** Starts that it disturbs; absent for one. */
  readonly times?: number;
}

/** A disturbance of requests or of clusters, to prove that clients survive it. */
export type WorkspaceFault = Fault | ClusterFault;

export interface WorkspaceFaults {
  add(fault: WorkspaceFault): void;
  clear(): void;
  /** The fault that disturbs this request, counting it. */
  takeRequest(method: string, path: string): Fault | undefined;
  /** The fault that disturbs this start of a cluster, counting it. */
  takeCluster(name: string): ClusterFault["cluster"] | undefined;
}

/** Faults are counted in the order in which they were added. */
export function createWorkspaceFaults(): WorkspaceFaults {
  const requests = createFaults();
  const clusters: { readonly fault: ClusterFault; left: number }[] = [];
  return {
    add: (fault) => {
      if ("cluster" in fault) clusters.push({ fault, left: fault.times ?? 1 });
      else requests.add(fault);
    },
    clear: () => {
      requests.clear();
      clusters.splice(0);
    },
    takeRequest: (method, path) => requests.take(method, path),
    takeCluster: (name) => {
      const due = clusters.find(
        ({ fault, left }) => left > 0 && (fault.name === undefined || fault.name === name),
      );
      if (due === undefined) return undefined;
      due.left -= 1;
      return due.fault.cluster;
    },
  };
}

const answers: Readonly<Record<number, readonly [string, string]>> = {
  401: ["401", "Credential was not sent or was of an unsupported type for this API."],
  403: ["403", "Invalid access token."],
  404: ["RESOURCE_DOES_NOT_EXIST", "Injected fault."],
  429: ["REQUEST_LIMIT_EXCEEDED", "Too many requests. Please try again later."],
  503: ["TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable."],
};

/** Answers with the fault instead of the result: an error of the service, or a dropped connection. */
export function disturbRequest({ status, retryAfter }: Fault, reply: FastifyReply): FastifyReply {
  if (status === undefined) {
    void reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  if (retryAfter !== undefined) void reply.header("retry-after", String(retryAfter));
  const [code, message] = answers[status] ?? ["INTERNAL_ERROR", "Injected fault."];
  return sendWorkspaceError(reply, new WorkspaceError(status, code, message));
}
