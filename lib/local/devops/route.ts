import type { Organization } from "./state/organization.ts";
import type { Identity } from "./state/organization-state.ts";
import type { Work } from "./work.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";

/** One entry of the location table that `OPTIONS _apis` answers; clients build their URLs from it. */
export interface Location {
  /** The real service's GUID, lower case. */
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  /** Such as `{project}/_apis/{area}/{resource}/{repositoryId}`; `{area}` and `{resource}` stand for the two above. */
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly releasedVersion: string;
}

/** A request that has passed authentication, with names and values as the client sent them, decoded once. */
export interface RouteRequest {
  readonly organization: Organization;
  /** What goes on besides requests. */
  readonly work: Work;
  /** Who asks: the owner of the token, or whom the request names as its user by mail address. */
  readonly identity: Identity;
  /** Segments of the route by their name in the template; the optional ones may be absent. */
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Names in lower case: the service does not distinguish case in query names. */
  readonly query: ReadonlyMap<string, string>;
  /** The Accept header, where the form of the answer depends on it. */
  readonly accept: string;
  readonly body: unknown;
  /** `http://127.0.0.1:PORT/local`, the beginning of every link. */
  readonly baseUrl: string;
}

export interface RouteReply {
  readonly status: number;
  /** Sent as JSON, or as it is where `type` is set; absent for 204. */
  readonly body?: unknown;
  /** Content type of a body that is no JSON. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One REST operation: where it is, and what it does. Errors of the service are thrown as ServiceError. */
export interface Route {
  readonly location: Location;
  readonly method: Method;
  /** The template's optional trailing parameters that must be there, such as `["repositoryId"]` for one item; empty for the collection. */
  readonly requires: readonly string[];
  readonly handle: (request: RouteRequest) => RouteReply | Promise<RouteReply>;
}
