import type { AnswersInput } from "../../answers/answers-input.ts";
import { entraCredential } from "../../devops/entra-credential.ts";
import { fetchEntraToken, type EntraToken } from "../../devops/entra-token.ts";
import { connect, type DevOpsHttp } from "../../devops/http.ts";
import { textIn } from "../../devops/json.ts";
import { EacError } from "../../errors/eac-error.ts";
import { readProject } from "../../provision/read-project.ts";
import { optionValue, type CommandInput } from "../command.ts";
import type { Context } from "../context.ts";
import { findOrganization, type Organization } from "../find-organization.ts";
import { checkRights } from "./check-rights.ts";
import { findingOf, ok, type Finding } from "./finding.ts";

const defaultProject = "AnalyticsOps";

/** The organisation of the options or of the answers: who is signed in, what answers, and what may be done there. Sends nothing where none is named. */
export async function checkOrganization(
  input: CommandInput,
  context: Context,
  answers: AnswersInput | undefined,
): Promise<readonly Finding[]> {
  const url = optionValue(input, "org") ?? textIn(answers, "azure_devops", "organization_url");
  if (url === "" && !input.flags.has("local")) return [checkVariables(context)];
  const project = optionValue(input, "project") ?? textIn(answers, "azure_devops", "project");
  try {
    const { organization, finding } = await signIn(input, context, url);
    const http = connect(organization.organizationUrl, organization.credential);
    return [finding, ...(await checkAnswering(http, project === "" ? defaultProject : project))];
  } catch (error) {
    const isAboutCredential = error instanceof EacError && /CREDENTIAL|SIGN/.test(error.code);
    return [findingOf(isAboutCredential ? "credential" : "organisation", error)];
  }
}

/** Which variable holds a token; nobody is asked for one of Entra ID while it is not known for whom. */
function checkVariables({ credential }: Context): Finding {
  const name = "--org https://dev.azure.com/<organisation> --project <name>, or --local, checks it.";
  const text =
    credential === undefined
      ? "neither AZURE_DEVOPS_EXT_PAT nor SYSTEM_ACCESSTOKEN is set; Microsoft Entra ID was not asked"
      : `${credential.variable} is set`;
  return { ...ok("credential", text), hint: name };
}

interface SignedIn {
  readonly organization: Organization;
  readonly finding: Finding;
}

async function signIn(input: CommandInput, context: Context, url: string): Promise<SignedIn> {
  const organization = await findOrganization(input, context, url);
  if (organization.credential.kind !== "entra") {
    const source = input.flags.has("local")
      ? "the token of the local organisation"
      : context.credential?.variable;
    return { organization, finding: ok("credential", String(source)) };
  }
  const token = await fetchEntraToken(context.environ);
  const credential = entraCredential(context.environ, () => Promise.resolve(token));
  return { organization: { ...organization, credential }, finding: ok("credential", describe(token)) };
}

function describe({ source, expiresAt }: EntraToken): string {
  const minutes = Math.round((expiresAt - Date.now()) / 60_000);
  return `Microsoft Entra ID by ${source}; the token is good for ${minutes} minutes and is renewed`;
}

async function checkAnswering(http: DevOpsHttp, name: string): Promise<readonly Finding[]> {
  const organization = await checkToken(http);
  if (organization.level !== "ok") return [organization];
  try {
    const project = await readProject(http, name);
    return [organization, ok("project", project.name), ...(await checkRights(http, project))];
  } catch (error) {
    return [organization, findingOf("project", error)];
  }
}

async function checkToken(http: DevOpsHttp): Promise<Finding> {
  const topic = "organisation";
  try {
    const request = { method: "GET", path: "_apis/connectionData", apiVersion: "7.1-preview.1" } as const;
    const { status, body } = await http.send({ ...request, what: "read who is signed in" });
    const name = textIn(body, "authenticatedUser", "providerDisplayName");
    if (status !== 404) return ok(topic, `${http.organizationUrl} knows the token as ${name || "somebody"}`);
    const text = `${http.organizationUrl} is no organisation`;
    return { topic, level: "problem", text, hint: "Correct --org: https://dev.azure.com/<organisation>." };
  } catch (error) {
    return findingOf(topic, error);
  }
}
