import { foreignHost } from "../errors/catalogue/devops.ts";
import type { Environ } from "./entra-sources.ts";
import { fetchEntraToken, type EntraToken } from "./entra-token.ts";
import type { Credential } from "./http.ts";
import { isAzureDevOpsUrl } from "./organization-url.ts";

/** The Azure CLI gives the same token again until five minutes before its end; asking sooner would ask it for every request. */
const renewedBeforeMs = 4 * 60_000;

/**
 * The credential of whoever is signed in to Microsoft Entra ID. Nothing is loaded or asked before the first request; a token lives for about an hour,
 * and is renewed before it expires. Only Azure DevOps ever gets one.
 */
export function entraCredential(
  environ: Environ,
  fetchToken: (environ: Environ) => Promise<EntraToken> = fetchEntraToken,
): Credential {
  let held: EntraToken | undefined;
  let asked: Promise<EntraToken> | undefined;
  const renew = async (): Promise<EntraToken> => {
    try {
      held = await fetchToken(environ);
      return held;
    } finally {
      asked = undefined;
    }
  };
  return {
    kind: "entra",
    tokenFor: async (url) => {
      if (!isAzureDevOpsUrl(url)) throw foreignHost(url);
      if (held !== undefined && held.expiresAt - Date.now() > renewedBeforeMs) return held.secret;
      asked ??= renew();
      return (await asked).secret;
    },
  };
}
