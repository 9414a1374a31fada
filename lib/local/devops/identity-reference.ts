import type { Identity, Project } from "./state/organization-state.ts";

/** A person or group as it stands inside other answers. */
export function identityReference(identity: Identity, baseUrl: string): Readonly<Record<string, unknown>> {
  return {
    displayName: identity.displayName,
    url: `${baseUrl}/_apis/Identities/${identity.id}`,
    _links: { avatar: { href: `${baseUrl}/_apis/GraphProfile/MemberAvatars/${identity.subjectDescriptor}` } },
    id: identity.id,
    uniqueName: identity.uniqueName,
    imageUrl: `${baseUrl}/_api/_common/identityImage?id=${identity.id}`,
    descriptor: identity.subjectDescriptor,
  };
}

/** A project as it stands inside other answers; one that nobody described has no description, not an empty one. */
export function projectReference(project: Project, baseUrl: string): Readonly<Record<string, unknown>> {
  return {
    id: project.id,
    name: project.name,
    ...(project.description === "" ? {} : { description: project.description }),
    url: `${baseUrl}/_apis/projects/${project.id}`,
    state: "wellFormed",
    revision: 1,
    visibility: "private",
    lastUpdateTime: project.lastUpdateTime,
  };
}
