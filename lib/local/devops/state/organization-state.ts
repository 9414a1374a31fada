/** A person, a group or a team; `id` is the storage key that approvers and reviewers are named by. */
export interface Identity {
  readonly id: string;
  readonly kind: "user" | "group" | "team";
  readonly displayName: string;
  /** Mail address of a user; `[Project]\Name` of a group or team. */
  readonly uniqueName: string;
  /** `Microsoft.TeamFoundation.Identity;S-1-9-…` or `Microsoft.IdentityModel.Claims.ClaimsIdentity;…`. */
  readonly descriptor: string;
  /** `aad.…` or `vssgp.…`. */
  readonly subjectDescriptor: string;
  readonly projectId?: string;
  /** Of a group that somebody described. */
  readonly description?: string;
  readonly memberIds: readonly string[];
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly defaultTeamId: string;
  readonly lastUpdateTime: string;
}

/** A record of one kind with an id of its own; each route file declares the shape of its kind. */
export interface StoredRecord {
  readonly id: string | number;
}

/**
 * Everything an organisation knows but the contents of its git repositories: plain JSON, so that it can be kept in one file.
 * `records` holds the kinds that route files declare (`repository`, `branch-policy`, …), keyed by kind and then by id.
 */
export interface OrganizationState {
  readonly schema: 1;
  readonly instanceId: string;
  readonly projects: Readonly<Record<string, Project>>;
  readonly identities: Readonly<Record<string, Identity>>;
  readonly records: Readonly<Record<string, Readonly<Record<string, StoredRecord>>>>;
  /** Last number given out, by counter: the service numbers definitions, environments, policies … from 1. */
  readonly counters: Readonly<Record<string, number>>;
}
