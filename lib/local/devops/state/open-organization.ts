import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "./organization.ts";
import type { OrganizationState, Project, StoredRecord } from "./organization-state.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

export interface OpenOrganization extends Organization {
  /** Writes the state when it changed since the last call; the file is always whole. */
  save(): void;
}

export interface OrganizationOptions {
  /** Folder of state.json; absent keeps the state in memory. */
  readonly folder?: string;
  readonly gitFolder: string;
}

const emptyState: OrganizationState = {
  schema: 1,
  instanceId: "",
  projects: {},
  identities: {},
  records: {},
  counters: {},
};

/** Opens the organisation of a folder, or a new one. */
export function openOrganization(options: OrganizationOptions): OpenOrganization {
  const path = options.folder === undefined ? undefined : join(options.folder, "state.json");
  let state = readState(path);
  let saved = state;
  mkdirSync(options.gitFolder, { recursive: true, mode: 0o700 });
  const recordsOf = (kind: string): Readonly<Record<string, StoredRecord>> => state.records[kind] ?? {};
  const setRecords = (kind: string, records: Readonly<Record<string, StoredRecord>>): void => {
    state = { ...state, records: { ...state.records, [kind]: records } };
  };
  return {
    state: () => state,
    gitFolder: options.gitFolder,
    now: () => new Date().toISOString(),
    newGuid: () => randomUUID(),
    nextNumber: (counter) => {
      const number = (state.counters[counter] ?? 0) + 1;
      state = { ...state, counters: { ...state.counters, [counter]: number } };
      return number;
    },
    project: (idOrName) => findProject(state, idOrName),
    putProject: (project) => {
      state = { ...state, projects: { ...state.projects, [project.id]: project } };
    },
    list: (kind, isKind) => Object.values(recordsOf(kind)).filter(isKind),
    put: (kind, record) => setRecords(kind, { ...recordsOf(kind), [String(record.id)]: record }),
    remove: (kind, id) => {
      const rest = Object.entries(recordsOf(kind)).filter(([key]) => key !== String(id));
      setRecords(kind, Object.fromEntries(rest));
    },
    identity: (id) => state.identities[id.toLowerCase()],
    putIdentity: (identity) => {
      state = { ...state, identities: { ...state.identities, [identity.id]: identity } };
    },
    save: () => {
      if (path !== undefined && saved !== state) writeFileAtomically(path, JSON.stringify(state));
      saved = state;
    },
  };
}

function readState(path: string | undefined): OrganizationState {
  if (path === undefined || !existsSync(path)) return { ...emptyState, instanceId: randomUUID() };
  const state: OrganizationState = JSON.parse(readFileSync(path, "utf8"));
  if (state.schema === 1) return state;
  throw new Error(`${path} was written by another version of eac-model.`);
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
