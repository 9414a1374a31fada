import type * as azureIdentity from "@azure/identity";

/** The variables of this process; `@azure/identity` itself reads those that hold a secret. */
export type Environ = Readonly<Record<string, string | undefined>>;

/** Somebody that may give a token of Microsoft Entra ID. */
export interface EntraSource {
  /** As a person knows it, such as `Azure CLI`. */
  readonly name: string;
  readonly make: (identity: typeof azureIdentity) => azureIdentity.TokenCredential;
}

const programTimeoutMs = 30_000;

/**
 * Whoever the variables of Azure name comes first: an application, a workload or a managed identity. Then the programs that a person is signed in with.
 * Nobody is asked in a browser. AZURE_TOKEN_CREDENTIALS names one source, or `dev` or `prod`, instead.
 */
export function entraSources(environ: Environ): readonly EntraSource[] {
  const chosen = environ["AZURE_TOKEN_CREDENTIALS"] ?? "";
  if (chosen === "") return [...namedByVariables(environ), ...programs(environ)];
  return [
    {
      name: `AZURE_TOKEN_CREDENTIALS=${chosen}`,
      make: ({ DefaultAzureCredential }) => new DefaultAzureCredential(),
    },
  ];
}

function namedByVariables(environ: Environ): readonly EntraSource[] {
  const has = (name: string): boolean => (environ[name] ?? "") !== "";
  const clientId = environ["AZURE_CLIENT_ID"] ?? "";
  const isClient = clientId !== "" && has("AZURE_TENANT_ID");
  const sources: EntraSource[] = [];
  if (isClient && (has("AZURE_CLIENT_SECRET") || has("AZURE_CLIENT_CERTIFICATE_PATH")))
    sources.push({
      name: `application ${clientId}`,
      make: ({ EnvironmentCredential }) => new EnvironmentCredential(),
    });
  if (isClient && has("AZURE_FEDERATED_TOKEN_FILE"))
    sources.push({
      name: `workload identity ${clientId}`,
      make: ({ WorkloadIdentityCredential }) => new WorkloadIdentityCredential(),
    });
  if (has("IDENTITY_ENDPOINT") || has("MSI_ENDPOINT"))
    sources.push({
      name: "managed identity",
      make: ({ ManagedIdentityCredential }) =>
        new ManagedIdentityCredential(clientId === "" ? {} : { clientId }),
    });
  return sources;
}

/** AZURE_TENANT_ID chooses among the tenants that a person is signed in to. */
function programs(environ: Environ): readonly EntraSource[] {
  const tenantId = environ["AZURE_TENANT_ID"] ?? "";
  const options = { processTimeoutInMs: programTimeoutMs, ...(tenantId === "" ? {} : { tenantId }) };
  return [
    { name: "Azure CLI", make: ({ AzureCliCredential }) => new AzureCliCredential(options) },
    {
      name: "Azure PowerShell",
      make: ({ AzurePowerShellCredential }) => new AzurePowerShellCredential(options),
    },
    {
      name: "Azure Developer CLI",
      make: ({ AzureDeveloperCliCredential }) => new AzureDeveloperCliCredential(options),
    },
  ];
}
