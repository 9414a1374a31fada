import type { DevOpsHttp } from "../devops/http.ts";
import { idIn, sameName, textIn, valueIn, listIn } from "../devops/json.ts";
import { peopleUnknown } from "../errors/catalogue/provision.ts";
import type { DesiredState } from "./desired-state.ts";

/**
 * The identity ids of everybody that the answers name. All who are unknown are one error, before anything is created.
 * Approvals and policies want these ids and refuse the object ids of Entra.
 */
export async function readIdentities(
  http: DevOpsHttp,
  desired: DesiredState,
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(desired.people.map(({ name }) => name.toLowerCase()))];
  const found = await Promise.all(
    names.map(async (name) => [name, await findIdentity(http, desired.project, name)] as const),
  );
  const ids = new Map(found.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const])));
  const unknown = desired.people.filter(({ name }) => !ids.has(name.toLowerCase()));
  if (unknown.length > 0) {
    throw peopleUnknown(
      unknown.map(({ name, answer }) => ({
        path: answer,
        rule: "identity",
        message: `${JSON.stringify(name)} is not known in ${http.organizationUrl}.`,
      })),
    );
  }
  return ids;
}

async function findIdentity(http: DevOpsHttp, project: string, name: string): Promise<string | undefined> {
  const { body } = await http.send({
    method: "GET",
    service: "identity",
    path: "_apis/identities",
    query: { searchFilter: "General", filterValue: name, queryMembership: "None" },
    what: `look up ${name}`,
  });
  const candidates = listIn(body, "value");
  const exact =
    candidates.find((identity) => isNamed(identity, project, name)) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  return exact === undefined ? undefined : idIn(exact, "id");
}

/** A person by mail or account; a group or team by its name in this project. */
function isNamed(identity: unknown, project: string, name: string): boolean {
  const property = (key: string): string => textIn(valueIn(identity, "properties", key), "$value");
  const display = textIn(identity, "providerDisplayName");
  return [property("Mail"), property("Account"), display, display.replace(`[${project}]\\`, "")].some(
    (text) => sameName(text, name),
  );
}
