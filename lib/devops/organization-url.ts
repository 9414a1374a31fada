/** Where an organisation's two services are. */
export interface OrganizationUrls {
  /** Base of most routes, without a slash at the end. */
  readonly organization: string;
  /** Base of the identity routes: a host of its own in the cloud. */
  readonly identity: string;
}

/** The bases of an organisation or collection; the old form `https://<organisation>.visualstudio.com` becomes the new one. */
export function parseOrganizationUrl(text: string): OrganizationUrls {
  const url = new URL(text);
  const legacy = /^([^.]+)\.visualstudio\.com$/.exec(url.hostname)?.[1];
  const organization = legacy === undefined ? text.replace(/\/+$/, "") : `https://dev.azure.com/${legacy}`;
  const host = new URL(organization).hostname;
  const identity =
    host === "dev.azure.com"
      ? organization.replace("https://dev.azure.com", "https://vssps.dev.azure.com")
      : organization;
  return { organization, identity };
}

/** Whether a URL leads to Azure DevOps in the cloud, which is the only one that may see a token of Entra ID. */
export function isAzureDevOpsUrl(text: string): boolean {
  const { protocol, hostname, port } = new URL(text);
  const isOwnHost = /^((vssps\.)?dev\.azure\.com|[a-z\d-]+(\.vssps)?\.visualstudio\.com)$/.test(hostname);
  return protocol === "https:" && port === "" && isOwnHost;
}

/** Whether a URL leads to this very machine, where no proxy stands in between. */
export function isLoopbackUrl(text: string): boolean {
  const { hostname } = new URL(text);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
