import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebApi } from "azure-devops-node-api";
import type { IRequestHandler } from "azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js";
import {
  forbidden,
  refused,
  unauthenticated,
  unreachable,
  type ServiceAnswer,
} from "../errors/catalogue/devops.ts";
import type { Secret } from "../errors/secret.ts";
import { authorizationHeader } from "./authorization-header.ts";
import { isLoopbackUrl, parseOrganizationUrl } from "./organization-url.ts";

/** A personal access token goes as Basic, the token of a pipeline run as Bearer; one of Entra ID, too, and it lives for an hour only. */
export type Credential =
  | { readonly kind: "pat" | "bearer"; readonly secret: Secret }
  | { readonly kind: "entra"; readonly tokenFor: (url: string) => Promise<Secret> };

export interface DevOpsRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the organisation, each segment encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Completes "Azure DevOps refused to …". */
  readonly what: string;
  /** The identity service has a host of its own in the cloud. */
  readonly service?: "identity";
  /** 7.1, unless the resource is only a preview. */
  readonly apiVersion?: string;
}

export interface DevOpsResponse {
  readonly status: number;
  /** Parsed JSON, or undefined where there is none. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** A connection to one organisation. Every refusal is an error but 404, which is an answer. */
export interface DevOpsHttp {
  readonly organizationUrl: string;
  send(request: DevOpsRequest): Promise<DevOpsResponse>;
  /** Requests sent so far, repeated ones included. */
  requestCount(): number;
}

const timeoutMs = 60_000;
const mostAttempts = 5;
/** A server that does not answer at all is given up sooner: a person waits. */
const mostConnectionAttempts = 3;
const firstDelayMs = 200;
const longestDelayMs = 60_000;
const waitStatuses = new Set([429, 502, 503, 504]);

/** Connects lazily: the first request loads azure-devops-node-api, whose HTTP client and proxy rules are used. */
export function connect(organizationUrl: string, credential: Credential): DevOpsHttp {
  const urls = parseOrganizationUrl(organizationUrl);
  let web: Promise<WebApi> | undefined;
  let count = 0;
  const exchange = async (request: DevOpsRequest, authorization: string): Promise<DevOpsResponse> => {
    web ??= createWebApi(urls.organization);
    const { rest } = await web;
    count += 1;
    const message = await rest.client.request(request.method, urlOf(request, urls), bodyOf(request), {
      ...headersOf(request),
      authorization,
    });
    return {
      status: message.message.statusCode ?? 0,
      body: parseBody(await message.readBody()),
      headers: message.message.headers,
    };
  };
  return {
    organizationUrl: urls.organization,
    send: async (request) => {
      const authorization = await authorizationHeader(credential, urlOf(request, urls));
      const attempt = (): Promise<DevOpsResponse> => exchange(request, authorization);
      const response = await withRetries(request, attempt, urls.organization);
      return accept(request, response, { organizationUrl: urls.organization, kind: credential.kind });
    },
    requestCount: () => count,
  };
}

/** The header comes with each request, because the token may be another by then. */
const noHandler: IRequestHandler = {
  prepareRequest: () => undefined,
  canHandleAuthentication: () => false,
  handleAuthentication: () => Promise.reject(new Error("Nothing is done about a refused credential.")),
};

async function createWebApi(url: string): Promise<WebApi> {
  const azdev = await import("azure-devops-node-api");
  const proxy = isLoopbackUrl(url) ? { proxy: { proxyUrl: "" } } : {};
  return new azdev.WebApi(url, noHandler, { allowRedirects: false, socketTimeout: timeoutMs, ...proxy });
}

/** What the service turned away is asked again; what may have been done is not, unless doing it twice is the same. */
async function withRetries(
  request: DevOpsRequest,
  exchange: () => Promise<DevOpsResponse>,
  organizationUrl: string,
): Promise<DevOpsResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === mostAttempts;
    try {
      const response = await exchange();
      if (
        isLast ||
        !waitStatuses.has(response.status) ||
        (request.method === "POST" && response.status !== 429)
      )
        return response;
      await sleep(delayMs(response, attempt));
    } catch (error) {
      if (attempt >= mostConnectionAttempts || request.method === "POST")
        throw unreachable(organizationUrl, error);
      await sleep(firstDelayMs * 2 ** attempt);
    }
  }
}

function delayMs({ headers }: DevOpsResponse, attempt: number): number {
  const seconds = Number(headers["retry-after"]);
  const wanted = Number.isFinite(seconds) ? seconds * 1000 : firstDelayMs * 2 ** attempt;
  return Math.min(wanted, longestDelayMs);
}

/** A sign-in page comes with status 203 or as a redirect; taken for data it would look like "not found". */
function accept(
  request: DevOpsRequest,
  response: DevOpsResponse,
  { organizationUrl, kind }: { readonly organizationUrl: string; readonly kind: Credential["kind"] },
): DevOpsResponse {
  const { status, headers } = response;
  const answer = {
    status,
    typeKey: textOf(response, "typeKey"),
    activityId: headerText(headers["activityid"]),
  };
  const isPage = headerText(headers["content-type"]).includes("text/html");
  if (status === 203 || status === 401 || (status >= 300 && status < 400) || isPage)
    throw unauthenticated(organizationUrl, kind, answer);
  if (status < 300 || status === 404) return response;
  throw refusal(request, response, answer);
}

function headerText(value: string | string[] | undefined): string {
  return [value ?? ""].flat().join(", ");
}

function refusal({ what }: DevOpsRequest, response: DevOpsResponse, answer: ServiceAnswer): Error {
  const message = textOf(response, "message") || "it gave no reason";
  return answer.status === 403 ? forbidden(what, message, answer) : refused(what, message, answer);
}

function textOf({ body }: DevOpsResponse, name: string): string {
  if (typeof body !== "object" || body === null) return "";
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : "";
}

function urlOf(
  { path, query, service }: DevOpsRequest,
  urls: ReturnType<typeof parseOrganizationUrl>,
): string {
  const base = service === "identity" ? urls.identity : urls.organization;
  const search = new URLSearchParams(query).toString();
  return `${base}/${path}${search === "" ? "" : `?${search}`}`;
}

function bodyOf({ body }: DevOpsRequest): string {
  return body === undefined ? "" : JSON.stringify(body);
}

function headersOf({ apiVersion, body }: DevOpsRequest): Record<string, string> {
  return {
    accept: `application/json;api-version=${apiVersion ?? "7.1"}`,
    "x-tfs-fedauthredirect": "Suppress",
    ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
  };
}

function parseBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
