import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

/** Permission bits of one descriptor. */
export interface AccessEntry {
  readonly allow: number;
  readonly deny: number;
}

export interface AccessListRecord extends StoredRecord {
  /** `<namespace id> <token>`. */
  readonly id: string;
  readonly namespaceId: string;
  readonly token: string;
  readonly entries: Readonly<Record<string, AccessEntry>>;
}

export interface AccessPlace {
  readonly namespaceId: string;
  readonly token: string;
  /** Of an identity, such as `Microsoft.TeamFoundation.Identity;S-1-9-…`; not a subject descriptor. */
  readonly descriptor: string;
}

export const noEntry: AccessEntry = { allow: 0, deny: 0 };

const kind = "access-control-list";

/** The lists of a security namespace in the order of their creation. */
export function accessListsOf(organization: Organization, namespaceId: string): readonly AccessListRecord[] {
  return organization.list(kind, isAccessList).filter((list) => list.namespaceId === namespaceId);
}

/** What a list says about a descriptor. */
export function readList({ entries }: AccessListRecord, descriptor: string): AccessEntry | undefined {
  return Object.hasOwn(entries, descriptor) ? entries[descriptor] : undefined;
}

/** Replaces the entry of a descriptor by what is made of the one before it, and answers it. */
export function changeEntry(
  organization: Organization,
  { namespaceId, token, descriptor }: AccessPlace,
  change: (old: AccessEntry) => AccessEntry,
): AccessEntry {
  const id = `${namespaceId} ${token}`;
  const list = accessListsOf(organization, namespaceId).find((candidate) => candidate.id === id);
  const entry = change((list === undefined ? undefined : readList(list, descriptor)) ?? noEntry);
  const record: AccessListRecord = {
    id,
    namespaceId,
    token,
    entries: { ...list?.entries, [descriptor]: entry },
  };
  organization.put(kind, record);
  return entry;
}

/** Forgets a descriptor; false where the list did not know it. */
export function removeEntry(
  organization: Organization,
  { namespaceId, token, descriptor }: AccessPlace,
): boolean {
  const list = accessListsOf(organization, namespaceId).find((candidate) => candidate.token === token);
  if (list === undefined || readList(list, descriptor) === undefined) return false;
  const entries = Object.entries(list.entries).filter(([name]) => name !== descriptor);
  const record: AccessListRecord = { ...list, entries: Object.fromEntries(entries) };
  organization.put(kind, record);
  return true;
}

function isAccessList(record: StoredRecord): record is AccessListRecord {
  return "entries" in record && "token" in record;
}
