import type { JsonObject } from "../devops/json.ts";

export interface RemoteRepository {
  readonly id: string;
  readonly webUrl: string;
  /** Where git clones and pushes. */
  readonly remoteUrl: string;
  /** `refs/heads/…`, or empty while nothing was pushed. */
  readonly defaultBranch: string;
  /** The history of the folder on disk and that of the repository belong together; true for an empty repository. */
  readonly isOurs: boolean;
  /** The folder's newest commit is there. */
  readonly hasHead: boolean;
}

/** The repository that central templates come from. */
export interface RemoteTemplatesRepository {
  readonly id: string;
  readonly projectId: string;
}

export interface RemoteCheck {
  readonly id: string;
  readonly environmentId: string;
  readonly approverIds: readonly string[];
  readonly requesterCannotApprove: boolean;
}

export interface RemotePipeline {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly repositoryId: string;
  readonly branch: string;
  readonly isEnabled: boolean;
  readonly content: JsonObject;
}

export interface RemotePolicy {
  readonly id: string;
  readonly typeId: string;
  readonly isEnabled: boolean;
  readonly isBlocking: boolean;
  readonly settings: JsonObject;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface RemoteVariableGroup extends Named {
  /** `Vsts`, or `AzureKeyVault` for a group that is linked to a vault. */
  readonly type: string;
  readonly variables: JsonObject;
}

/** What Azure DevOps has of everything that a desired state names; read in two rounds, never written to. */
export interface RemoteState {
  readonly project: Named;
  readonly repository: RemoteRepository | undefined;
  /** Undefined where the model has copies of the templates. */
  readonly templatesRepository: RemoteTemplatesRepository | undefined;
  /** Names of the areas below the project's root. */
  readonly areas: readonly Named[];
  readonly teams: readonly Named[];
  /** Identity ids of the members of the model's team. */
  readonly memberIds: readonly string[];
  /** The area that the model's team has by default; empty where none is set. */
  readonly teamArea: string;
  readonly variableGroups: readonly RemoteVariableGroup[];
  readonly environments: readonly Named[];
  readonly checks: readonly RemoteCheck[];
  readonly folders: readonly string[];
  readonly pipelines: readonly RemotePipeline[];
  /** Ids of the pipelines that may use a resource, by `<type>/<id>`. */
  readonly permissions: ReadonlyMap<string, readonly string[]>;
  readonly policies: readonly RemotePolicy[];
  /** Identity ids by name in lower case: people, groups and teams that the answers name. */
  readonly identities: ReadonlyMap<string, string>;
}
