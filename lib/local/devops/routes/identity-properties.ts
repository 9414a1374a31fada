import type { JsonObject } from "../body.ts";
import type { Identity } from "../state/organization-state.ts";

/** What the service tells about a person or a group besides its names, each value with its type. */
export function identityProperties(identity: Identity): JsonObject {
  return identity.kind === "user" ? userProperties(identity) : groupProperties(identity);
}

/** What a team's own answer tells about its identity: that of a group, and where the group lives. */
export function teamProperties(identity: Identity, instanceId: string): JsonObject {
  const { displayName, projectId = "" } = identity;
  return {
    "Microsoft.TeamFoundation.Team": { $type: "System.Boolean", $value: true },
    ...groupProperties(identity),
    SecurityGroup: text("SecurityGroup"),
    ScopeId: text(projectId),
    ScopeType: text("TeamProject"),
    SecuringHostId: text(instanceId),
    ScopeName: text(displayName.slice(1, displayName.indexOf("]"))),
    VirtualPlugin: text(""),
  };
}

function userProperties({ id, uniqueName }: Identity): JsonObject {
  return {
    SchemaClassName: text("User"),
    Description: text(""),
    Domain: text("local"),
    Account: text(uniqueName),
    DN: text(""),
    Mail: text(uniqueName),
    SpecialType: text("Generic"),
    "http://schemas.microsoft.com/identity/claims/objectidentifier": text(id),
    DirectoryAlias: text(uniqueName.split("@", 1)[0] ?? ""),
  };
}

function groupProperties({ displayName, projectId, description }: Identity): JsonObject {
  return {
    SchemaClassName: text("Group"),
    Description: text(description ?? ""),
    Domain: text(`vstfs:///Classification/TeamProject/${projectId ?? ""}`),
    Account: text(displayName.slice(displayName.indexOf("\\") + 1)),
    SpecialType: text("Generic"),
    LocalScopeId: text(projectId ?? ""),
  };
}

function text($value: string): JsonObject {
  return { $type: "System.String", $value };
}
