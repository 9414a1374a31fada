import { textIn } from "../../devops/body.ts";
import { requireText } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";
import { invalidParameter } from "../workspace-error.ts";

function createScope({ workspace, body }: WorkspaceRequest): object {
  const backend = textIn(body, "scope_backend_type") ?? "DATABRICKS";
  if (backend !== "DATABRICKS")
    throw invalidParameter(`Scopes of ${backend} are not supported here: use DATABRICKS.`);
  workspace.secrets.createScope(requireText(body, "scope"));
  return {};
}

function listScopes({ workspace }: WorkspaceRequest): object {
  const names = workspace.secrets.scopes();
  if (names.length === 0) return {};
  return { scopes: names.map((name) => ({ name, backend_type: "DATABRICKS" })) };
}

function deleteScope({ workspace, body }: WorkspaceRequest): object {
  workspace.secrets.deleteScope(requireText(body, "scope"));
  return {};
}

/** A value is text, or bytes in Base64; exactly one of the two. */
function putSecret({ workspace, body }: WorkspaceRequest): object {
  const text = textIn(body, "string_value");
  const bytes = textIn(body, "bytes_value");
  if ((text === undefined) === (bytes === undefined))
    throw invalidParameter("Exactly one of string_value and bytes_value must be given.");
  const value = text === undefined ? Buffer.from(bytes ?? "", "base64") : Buffer.from(text);
  workspace.secrets.put(requireText(body, "scope"), requireText(body, "key"), value);
  return {};
}

/** Names and times; never values. */
function listSecrets({ workspace, query }: WorkspaceRequest): object {
  const secrets = workspace.secrets.list(requireText(query, "scope"));
  if (secrets.length === 0) return {};
  return { secrets: secrets.map(({ key, updatedTime }) => ({ key, last_updated_timestamp: updatedTime })) };
}

/** For code that runs on a cluster. */
function getSecret({ workspace, query }: WorkspaceRequest): object {
  const key = requireText(query, "key");
  return { key, value: workspace.secrets.get(requireText(query, "scope"), key).toString("base64") };
}

function deleteSecret({ workspace, body }: WorkspaceRequest): object {
  workspace.secrets.remove(requireText(body, "scope"), requireText(body, "key"));
  return {};
}

const versions = ["2.0"];

export const secretRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/secrets/scopes/create", handle: createScope }),
  ...inVersions(versions, { method: "GET", path: "/secrets/scopes/list", handle: listScopes }),
  ...inVersions(versions, { method: "POST", path: "/secrets/scopes/delete", handle: deleteScope }),
  ...inVersions(versions, { method: "POST", path: "/secrets/put", handle: putSecret }),
  ...inVersions(versions, { method: "GET", path: "/secrets/list", handle: listSecrets }),
  ...inVersions(versions, { method: "GET", path: "/secrets/get", handle: getSecret }),
  ...inVersions(versions, { method: "POST", path: "/secrets/delete", handle: deleteSecret }),
];
