import { isObject } from "./json.ts";
import type { DevOpsHttp, DevOpsRequest } from "./http.ts";

/** Every entry of a list, page by page: the service names the next page in a header that generated clients throw away. */
export async function listAll(http: DevOpsHttp, request: DevOpsRequest): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (let token: string | undefined = ""; token !== undefined;) {
    const query: Readonly<Record<string, string>> = {
      ...request.query,
      ...(token === "" ? {} : { continuationToken: token }),
    };
    const { body, headers } = await http.send({ ...request, query });
    if (isObject(body) && Array.isArray(body["value"])) all.push(...body["value"]);
    const next = headers["x-ms-continuationtoken"];
    token = typeof next === "string" && next !== "" ? next : undefined;
  }
  return all;
}
