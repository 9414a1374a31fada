import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localStateInvalid } from "../../../errors/catalogue/local.ts";
import { isObject } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "./organization.ts";
import type { Identity, OrganizationState, Project, StoredRecord } from "./organization-state.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

export interface OpenOrganization extends Organization {
  /** Writes the state when it changed since the last call; the file is always whole. */
  save(): void;
}

export interface OrganizationOptions {
  /** Folder of state.json; absent keeps the state in memory. */
  readonly folder?: string;
  /** Exists already. */
  readonly gitFolder: string;
  /** Absent: a folder beside the repositories. */
  readonly runsFolder?: string;
  readonly now?: () => Date;
  readonly ids?: () => string;
}

const stateFile = "state.json";

/** Opens the organisation of a folder, or a new one. */
export function openOrganization(options: OrganizationOptions): OpenOrganization {
  const { folder, gitFolder, now = () => new Date(), ids = randomUUID } = options;
  const path = folder === undefined ? undefined : join(folder, stateFile);
  let state = readState(path) ?? emptyState(ids());
  let saved: OrganizationState | undefined;
  const recordsOf = (kind: string): Readonly<Record<string, StoredRecord>> => state.records[kind] ?? {};
  const change = (parts: Partial<OrganizationState>): void => {
    state = { ...state, ...parts };
  };
  const setRecords = (kind: string, records: Readonly<Record<string, StoredRecord>>): void =>
    change({ records: { ...state.records, [kind]: records } });
  return {
    state: () => state,
    gitFolder,
    runsFolder: options.runsFolder ?? join(gitFolder, "runs"),
    now: () => now().toISOString(),
    newGuid: () => ids(),
    nextNumber: (counter) => {
      const number = (state.counters[counter] ?? 0) + 1;
      change({ counters: { ...state.counters, [counter]: number } });
      return number;
    },
    project: (idOrName) => findProject(state, idOrName),
    putProject: (project) => change({ projects: { ...state.projects, [project.id]: project } }),
    removeProject: (id) => change({ projects: without(state.projects, id) }),
    list: (kind, isKind) => Object.values(recordsOf(kind)).filter(isKind),
    put: (kind, record) => setRecords(kind, { ...recordsOf(kind), [String(record.id)]: record }),
    remove: (kind, id) => setRecords(kind, without(recordsOf(kind), String(id))),
    identity: (id) => own(state.identities, id.toLowerCase()),
    putIdentity: (identity) => change({ identities: { ...state.identities, [identity.id]: identity } }),
    removeIdentity: (id) => change({ identities: withoutIdentity(state.identities, id) }),
    save: () => {
      if (path !== undefined && saved !== state) writeFileAtomically(path, JSON.stringify(state));
      saved = state;
    },
  };
}

function emptyState(instanceId: string): OrganizationState {
  return { schema: 1, instanceId, projects: {}, identities: {}, records: {}, counters: {} };
}

/** Clients name ids; a name that every object has is none. */
function own<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function without<T>(entries: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key));
}

function withoutIdentity(
  identities: OrganizationState["identities"],
  id: string,
): OrganizationState["identities"] {
  const rest = Object.entries(without(identities, id)).map(([key, identity]): [string, Identity] => [
    key,
    { ...identity, memberIds: identity.memberIds.filter((memberId) => memberId !== id) },
  ]);
  return Object.fromEntries(rest);
}

function readState(path: string | undefined): OrganizationState | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  const content = parse(path);
  if (isState(content)) return content;
  const isNewer = isObject(content) && typeof content["schema"] === "number" && content["schema"] > 1;
  throw localStateInvalid(
    path,
    isNewer ? "a newer version of eac-model wrote it" : "it does not have the expected form",
  );
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw localStateInvalid(path, error instanceof Error ? error.message : String(error));
  }
}

/** The outline only: each kind of record is looked at again by whoever reads it. */
function isState(content: unknown): content is OrganizationState {
  return (
    isObject(content) &&
    content["schema"] === 1 &&
    typeof content["instanceId"] === "string" &&
    ["projects", "identities", "records", "counters"].every((name) => isObject(content[name]))
  );
}

function findProject(state: OrganizationState, idOrName: string): Project {
  const wanted = idOrName.toLowerCase();
  const project = Object.values(state.projects).find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  );
  if (project !== undefined) return project;
  const message =
    `TF200016: The following project does not exist: ${idOrName}. Verify that the name of the project is correct ` +
    "and that the project exists on the specified Azure DevOps Server.";
  throw new ServiceError(404, "ProjectDoesNotExistWithNameException", message);
}
