import { ServiceError } from "./service-error.ts";

export interface ParsedUrl {
  /** The path's parts, decoded, without empty ones. */
  readonly segments: readonly string[];
  readonly query: string;
}

/** Splits a request's target; what cannot be decoded is refused as the service does. */
export function parseUrl(url: string): ParsedUrl {
  const [path = "", query = ""] = url.split("?", 2);
  const parts = path.split("/").filter((part) => part !== "");
  return { segments: parts.map(decode), query };
}

/** Query values by their names in lower case; a name given twice keeps its last value. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  return new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    const message = "A potentially dangerous Request.Path value was detected from the client.";
    throw new ServiceError(400, "HttpRequestValidationException", message);
  }
}
