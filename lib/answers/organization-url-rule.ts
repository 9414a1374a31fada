interface Refusal {
  readonly reason: string;
  readonly suggestion?: string;
}

/** Why this is not the address of an Azure DevOps organisation or collection, or undefined. The empty text is for later. */
export function organizationUrlRefusal(text: string): Refusal | undefined {
  if (text === "") return undefined;
  if (!URL.canParse(text))
    return { reason: "is no URL", suggestion: "Write https://dev.azure.com/<organisation>." };
  const url = new URL(text);
  return partsRefusal(url) ?? segmentsRefusal(url);
}

function partsRefusal(url: URL): Refusal | undefined {
  if (url.username !== "" || url.password !== "") {
    return {
      reason: "holds a user name or token",
      suggestion: "Leave it out; set AZURE_DEVOPS_EXT_PAT in the environment.",
    };
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return { reason: "is not https", suggestion: `Write https://${url.host}${url.pathname}.` };
  }
  if (url.search === "" && url.hash === "") return undefined;
  return { reason: "has a query or a fragment", suggestion: `Write ${url.origin}${url.pathname}.` };
}

/** dev.azure.com has the organisation as first segment; a second one is a project, the most frequent slip. */
function segmentsRefusal(url: URL): Refusal | undefined {
  const [organisation, project] = url.pathname.split("/").filter((part) => part !== "");
  if (url.hostname.endsWith(".visualstudio.com")) {
    if (organisation === undefined || organisation.toLowerCase() === "defaultcollection") return undefined;
    return withProject(url.origin, organisation);
  }
  if (organisation === undefined) {
    return { reason: "names no organisation", suggestion: `Write ${url.origin}/<organisation>.` };
  }
  return url.hostname === "dev.azure.com" && project !== undefined
    ? withProject(`${url.origin}/${organisation}`, project)
    : undefined;
}

function withProject(organisation: string, project: string): Refusal {
  const name = decodeURIComponentSafely(project);
  return {
    reason: "has the project in it",
    suggestion: `Write ${organisation}, and the project as azure_devops.project: ${name}.`,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
