import { isObject } from "../../devops/body.ts";
import { alreadyThere, invalidParameter, notThere, WorkspaceError } from "../workspace-error.ts";
import type { Collection, Store } from "./store.ts";

export interface SecretMetadata {
  readonly key: string;
  readonly updatedTime: number;
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
const reference = /\{\{\s*secrets\/([\w@.-]+)\/([\w@.-]+)\s*\}\}/g;
const largestValue = 128 * 1024;

/** Secrets in scopes. They are kept in the state file, which only its owner can read. */
export class Secrets {
  readonly #records: Collection<ScopeRecord>;

  constructor(store: Store) {
    this.#records = store.collection("scope", isScopeRecord);
  }

  scopes(): readonly string[] {
    return this.#records.list().map(({ id }) => id);
  }

  createScope(id: string): void {
    requireName(id, "Scope name");
    if (this.#records.get(id) !== undefined) throw alreadyThere(`Scope ${id} already exists!`);
    this.#records.put({ id, secrets: [] });
  }

  deleteScope(id: string): void {
    this.#records.remove(this.#scope(id).id);
  }

  list(scope: string): readonly SecretMetadata[] {
    return this.#scope(scope).secrets;
  }

  put(scope: string, key: string, value: Buffer): void {
    requireName(key, "Key");
    if (value.length > largestValue)
      throw new WorkspaceError(400, "RESOURCE_LIMIT_EXCEEDED", "A secret has at most 128 KB.");
    const secret = { key, value: value.toString("base64"), updatedTime: Date.now() };
    this.#records.put({ id: scope, secrets: [...this.#others(scope, key), secret] });
  }

  get(scope: string, key: string): Buffer {
    const secret = this.#scope(scope).secrets.find((entry) => entry.key === key);
    if (secret === undefined) throw notThere(`Secret does not exist with scope: ${scope} and key: ${key}`);
    return Buffer.from(secret.value, "base64");
  }

  remove(scope: string, key: string): void {
    this.get(scope, key);
    this.#records.put({ id: scope, secrets: this.#others(scope, key) });
  }

  /** All values, for taking them out of what is shown. */
  values(): readonly string[] {
    return this.#records
      .list()
      .flatMap(({ secrets }) => secrets.map(({ value }) => Buffer.from(value, "base64").toString("utf8")));
  }

  /** A text with each `{{secrets/scope/key}}` in it replaced by the value. */
  fill(text: string): string {
    return text.replaceAll(reference, (_all, scope: string, key: string) =>
      this.get(scope, key).toString("utf8"),
    );
  }

  #scope(id: string): ScopeRecord {
    const scope = this.#records.get(id);
    if (scope === undefined) throw notThere(`Scope ${id} does not exist!`);
    return scope;
  }

  #others(scope: string, key: string): readonly StoredSecret[] {
    return this.#scope(scope).secrets.filter((entry) => entry.key !== key);
  }
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
