import type { DesiredTeamMember } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** A person in the team. Members that the answers do not name stay: people come and go without us. */
export const teamMemberResource: Resource<DesiredTeamMember> = {
  compare: ({ person }, { identities, memberIds }) => {
    const id = identities.get(person.toLowerCase());
    return id !== undefined && memberIds.includes(id) ? keep(id) : create;
  },
  apply: async ({ person }, _comparison, run) => {
    const id = run.identityOf(person);
    await run.http.send({
      method: "PUT",
      service: "identity",
      path: `_apis/identities/${run.idOf("team")}/members/${id}`,
      apiVersion: "7.1-preview.1",
      what: `add ${person} to the team`,
    });
    return id;
  },
};
