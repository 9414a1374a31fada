import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import { sendServiceError, sendSignInPage } from "./send.ts";
import { ServiceError } from "./service-error.ts";

/** A disturbance of matching requests, to prove that clients survive it. */
export interface Fault {
  /** Methods that it applies to; absent for all. */
  readonly methods?: readonly string[];
  /** Regular expression on the path below the organisation; absent for all. */
  readonly path?: string;
  /** Matching requests that pass before it begins. */
  readonly offset?: number;
  /** Matching requests that it disturbs; absent for one. */
  readonly times?: number;
  /** `before`: the operation does not happen. `after`: it happens and the answer is lost or an error. */
  readonly when: "before" | "after";
  /** Status that is answered, 203 and 302 with the sign-in page; absent drops the connection, or lets the request pass where a delay is set. */
  readonly status?: number;
  /** Seconds in a Retry-After header. */
  readonly retryAfter?: number;
  /** Milliseconds before anything happens. */
  readonly delayMs?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that disturbs this request, counting it. */
  take(method: string, path: string): Fault | undefined;
}

interface Entry {
  readonly fault: Fault;
  readonly path: RegExp;
  seen: number;
}

/** Faults are counted in the order in which they were added; a request meets the first that is due. */
export function createFaults(): Faults {
  const entries: Entry[] = [];
  return {
    add: (fault) => void entries.push({ fault, path: compile(fault.path), seen: 0 }),
    clear: () => void entries.splice(0),
    take: (method, path) => {
      for (const entry of entries.filter((candidate) => matches(candidate, method, path))) {
        entry.seen += 1;
        const { offset = 0, times = 1 } = entry.fault;
        if (entry.seen > offset && entry.seen <= offset + times) return entry.fault;
      }
      return undefined;
    },
  };
}

/** Whether a fault only slows the request down. */
export function isDelay({ status, delayMs }: Fault): boolean {
  return status === undefined && delayMs !== undefined;
}

/** Waits as long as a fault asks. */
export async function delay(fault: Fault | undefined): Promise<void> {
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
}

/** Answers with the fault instead of the result. */
export function disturb({ status, retryAfter }: Fault, reply: FastifyReply): FastifyReply {
  if (status === undefined) {
    void reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  if (status === 203 || status === 302) return sendSignInPage(reply, status);
  if (retryAfter !== undefined) void reply.header("retry-after", String(retryAfter));
  return sendServiceError(reply, new ServiceError(status, "VssServiceException", "Injected fault."));
}

function matches({ fault, path: form }: Entry, method: string, path: string): boolean {
  return (fault.methods === undefined || fault.methods.includes(method)) && form.test(path);
}

function compile(path: string | undefined): RegExp {
  try {
    return new RegExp(path ?? "", "i");
  } catch {
    throw new ServiceError(400, "ArgumentException", `${JSON.stringify(path)} is no regular expression.`);
  }
}
