import { isObject } from "../../devops/body.ts";
import { alreadyThere, invalidParameter, notThere, WorkspaceError } from "../workspace-error.ts";
import type { Store } from "./store.ts";

export interface SecretMetadata {
  readonly key: string;
  readonly updatedTime: number;
}

/** Secrets in scopes. They are kept in the state file, which only its owner can read. */
export interface Secrets {
  scopes(): readonly string[];
  createScope(name: string): void;
  deleteScope(name: string): void;
  list(scope: string): readonly SecretMetadata[];
  put(scope: string, key: string, value: Buffer): void;
  get(scope: string, key: string): Buffer;
  remove(scope: string, key: string): void;
  /** All values, for taking them out of what is shown. */
  values(): readonly string[];
  /** A text with `{{secrets/scope/key}}` in it replaced by the values. */
  fill(text: string): string;
}

interface StoredSecret extends SecretMetadata {
  /** Base64. */
  readonly value: string;
}

interface ScopeRecord {
  readonly id: string;
  readonly secrets: readonly StoredSecret[];
}

const name = /^[\w@.-]{1,128}$/;
const largestValue = 128 * 1024;

/** Opens the secrets of a workspace. */
export function openSecrets(store: Store): Secrets {
  const records = store.collection("scope", isScopeRecord);
  const scopeOf = (id: string): ScopeRecord => {
    const scope = records.get(id);
    if (scope === undefined) throw notThere(`Scope ${id} does not exist!`);
    return scope;
  };
  const find = (scope: string, key: string): Buffer => {
    const secret = scopeOf(scope).secrets.find((entry) => entry.key === key);
    if (secret === undefined) throw notThere(`Secret does not exist with scope: ${scope} and key: ${key}`);
    return Buffer.from(secret.value, "base64");
  };
  const without = (scope: ScopeRecord, key: string): readonly StoredSecret[] =>
    scope.secrets.filter((entry) => entry.key !== key);
  return {
    scopes: () => records.list().map(({ id }) => id),
    createScope: (id) => {
      requireName(id, "Scope name");
      if (records.get(id) !== undefined) throw alreadyThere(`Scope ${id} already exists!`);
      records.put({ id, secrets: [] });
    },
    deleteScope: (id) => records.remove(scopeOf(id).id),
    list: (id) => scopeOf(id).secrets,
    put: (id, key, value) => {
      requireName(key, "Key");
      if (value.length > largestValue)
        throw new WorkspaceError(400, "RESOURCE_LIMIT_EXCEEDED", "A secret has at most 128 KB.");
      const secret = { key, value: value.toString("base64"), updatedTime: Date.now() };
      records.put({ id, secrets: [...without(scopeOf(id), key), secret] });
    },
    get: find,
    remove: (id, key) => {
      find(id, key);
      records.put({ id, secrets: without(scopeOf(id), key) });
    },
    values: () =>
      records
        .list()
        .flatMap(({ secrets }) => secrets.map(({ value }) => Buffer.from(value, "base64").toString("utf8"))),
    fill: (text) =>
      text.replaceAll(/\{\{\s*secrets\/([\w@.-]+)\/([\w@.-]+)\s*\}\}/g, (_all, scope: string, key: string) =>
        find(scope, key).toString("utf8"),
      ),
  };
}

function requireName(text: string, what: string): void {
  if (name.test(text)) return;
  throw invalidParameter(`${what} must have 1 to 128 letters, digits, and -, _, @ or .`);
}

function isScopeRecord(value: unknown): value is ScopeRecord {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    Array.isArray(value["secrets"]) &&
    value["secrets"].every(
      (secret: unknown) =>
        isObject(secret) && typeof secret["key"] === "string" && typeof secret["value"] === "string",
    )
  );
}
