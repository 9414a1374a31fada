import { createHash } from "node:crypto";
import { stableGuid } from "./stable-guid.ts";
import type { Identity, Project } from "./organization-state.ts";
import type { Organization } from "./organization.ts";

const ownerMail = "owner@local.example";

/** Who holds the token: the person that runs the organisation. */
export function ownerIdentity(organization: Organization): Identity {
  return materializeUser(organization, ownerMail, "Local Owner");
}

/** The user of a mail address, made when the organisation meets it for the first time. */
export function materializeUser(organization: Organization, mail: string, displayName: string): Identity {
  const uniqueName = mail.toLowerCase();
  const known = Object.values(organization.state().identities).find(
    (identity) => identity.uniqueName === uniqueName,
  );
  if (known !== undefined) return known;
  const id = stableGuid(uniqueName);
  const identity: Identity = {
    id,
    kind: "user",
    displayName,
    uniqueName,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;local\\${uniqueName}`,
    subjectDescriptor: `aad.${encoded(id)}`,
    memberIds: [],
  };
  organization.putIdentity(identity);
  return identity;
}

/** The groups that every project has, as identities that approve and review. */
export function putProjectGroups(organization: Organization, project: Project): void {
  for (const name of ["Project Administrators", "Contributors", "Readers", "Build Administrators"]) {
    organization.putIdentity(groupIdentity(organization.newGuid(), "group", { project, name }));
  }
  const service = `${project.name} Build Service (local)`;
  const identity = groupIdentity(organization.newGuid(), "group", { project, name: service });
  organization.putIdentity({ ...identity, kind: "user", uniqueName: `build\\${project.id}` });
}

/** The identity of a group or team: `[Project]\Name`. */
export function groupIdentity(
  id: string,
  kind: "group" | "team",
  named: { readonly project: Project; readonly name: string },
): Identity {
  const { project, name } = named;
  const sid = `S-1-9-1551374245-${shortNumbers(id)}`;
  return {
    id,
    kind,
    displayName: `[${project.name}]\\${name}`,
    uniqueName: `[${project.name}]\\${name}`.toLowerCase(),
    descriptor: `Microsoft.TeamFoundation.Identity;${sid}`,
    subjectDescriptor: `vssgp.${encoded(sid)}`,
    projectId: project.id,
    memberIds: [],
  };
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function shortNumbers(text: string): string {
  const hash = createHash("sha256").update(text).digest();
  return [0, 4, 8, 12, 16].map((at) => String(hash.readUInt32BE(at))).join("-");
}
