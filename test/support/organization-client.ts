import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api";
import type { LocalOrganization } from "../../lib/local/start.ts";
import { answerProblems, hasApiDescriptions } from "./api-description.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/**
 * One plain request, as any client would send it. A successful answer that contradicts the service's published description of the
 * operation fails the test, where the descriptions are at hand.
 */
export async function call(
  local: LocalOrganization,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${local.url}/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`:${local.token.reveal()}`).toString("base64")}`,
      accept: "application/json;api-version=7.1-preview",
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = {
    status: response.status,
    body: text === "" ? undefined : JSON.parse(text),
    headers: response.headers,
  };
  if (response.ok && hasApiDescriptions) {
    const problems = answerProblems(method, path, answer.body) ?? [];
    if (problems.length > 0)
      throw new Error(`${method} ${path} contradicts its description:\n${problems.join("\n")}`);
  }
  return answer;
}

/** azure-devops-node-api, with nothing of ours in between. */
export function nodeApi(local: LocalOrganization): WebApi {
  return new WebApi(local.url, getPersonalAccessTokenHandler(local.token.reveal()));
}
