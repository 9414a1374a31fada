import { ServiceError } from "./service-error.ts";
import type { Location, Method } from "./route.ts";

export interface VersionedRequest {
  readonly url: string;
  readonly accept: string | undefined;
}

/** The version that a client asks for in its query or in its Accept header, such as `7.1-preview.1`. */
export function requestedVersion({ url, accept }: VersionedRequest): string | undefined {
  return /[?&;\s]api-version=([\w.-]+)/i.exec(`${url};${accept ?? ""}`)?.[1];
}

/** What exists only as a preview is written to only by whoever says so, as the service asks. */
export function refuseVersion(location: Location, method: Method, version: string | undefined): void {
  if (location.releasedVersion !== "0.0") return;
  if (version === undefined && method !== "GET" && method !== "HEAD") {
    throw new ServiceError(
      400,
      "VssVersionNotSpecifiedException",
      `No api-version was supplied for the "${method}" request. The version must be supplied either as part of the Accept header ` +
        '(e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").',
    );
  }
  if (version !== undefined && !version.includes("-preview")) {
    throw new ServiceError(
      400,
      "VssInvalidPreviewVersionException",
      `The requested version "${version}" of the resource is under preview. The -preview flag must be supplied in the api-version ` +
        `for such requests. For example: "${version}-preview"`,
    );
  }
}
