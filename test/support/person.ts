import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Somebody who knows the address and the token of an organisation, and has git and node's own fetch, nothing of ours. */
export interface Person {
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** What git printed; throws what it complained about. */
  readonly git: (...words: string[]) => Promise<string>;
}

export function person(organization: { readonly url: string; readonly token: string }, mail: string): Person {
  const authorization = `Basic ${Buffer.from(`${mail}:${organization.token}`).toString("base64")}`;
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
  };
  return {
    ask: async (method, path, body) => {
      const response = await fetch(`${organization.url}/${path}`, {
        method,
        headers: {
          authorization,
          accept: "application/json;api-version=7.1-preview",
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    git: (...words) =>
      new Promise((resolve, reject) => {
        execFile("git", words, { env }, (error, stdout, stderr) => {
          if (error === null) resolve(stdout.trim());
          else reject(new Error(stderr));
        });
      }),
  };
}

/** Asks again until something is so. */
export async function until<T>(
  what: string,
  patienceMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(500)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`Waited ${patienceMs / 1000} s in vain for ${what}.`);
}
