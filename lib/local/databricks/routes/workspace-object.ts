import { textIn } from "../../devops/body.ts";
import { extensionOf, planImport } from "../files/plan-import.ts";
import type { WorkspaceObject } from "../files/workspace-files.ts";
import { parseWorkspacePath } from "../files/workspace-path.ts";
import { flagIn, requireText } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";
import { invalidParameter } from "../workspace-error.ts";

function makeFolders({ workspace, body }: WorkspaceRequest): object {
  workspace.files.makeFolder(pathIn(body));
  return {};
}

function importObject({ workspace, body }: WorkspaceRequest): object {
  const planned = planImport({
    path: pathIn(body),
    format: textIn(body, "format") ?? "SOURCE",
    language: textIn(body, "language"),
    content: decode(textIn(body, "content")),
  });
  workspace.files.write(planned, flagIn(body, "overwrite"));
  return {};
}

/** What was imported, as it was imported; a notebook has its header. */
function exportObject({ workspace, query }: WorkspaceRequest): object {
  const format = query["format"] ?? "SOURCE";
  if (!["SOURCE", "AUTO", "RAW"].includes(format))
    throw invalidParameter(`The format ${format} is not supported here: use SOURCE, AUTO or RAW.`);
  const { path, type, language } = workspace.files.get(pathIn(query));
  if (type === "DIRECTORY")
    throw invalidParameter(`${path} is a folder; only notebooks and files are exported.`);
  const content = workspace.files.read(path);
  if (flagIn(query, "direct_download")) return content;
  const extension = language === undefined ? /\.([^./]+)$/.exec(path)?.[1] : extensionOf[language];
  return {
    content: content.toString("base64"),
    ...(extension === undefined ? {} : { file_type: extension }),
  };
}

function getStatus({ workspace, query }: WorkspaceRequest): object {
  return objectBody(workspace.files.get(pathIn(query)));
}

function listObjects({ workspace, query }: WorkspaceRequest): object {
  const objects = workspace.files.list(pathIn(query));
  return objects.length === 0 ? {} : { objects: objects.map(objectBody) };
}

function deleteObject({ workspace, body }: WorkspaceRequest): object {
  workspace.files.remove(pathIn(body), flagIn(body, "recursive"));
  return {};
}

function objectBody({ path, objectId, type, language, stats }: WorkspaceObject): object {
  const common = { object_type: type, path, object_id: objectId, resource_id: String(objectId) };
  if (type === "DIRECTORY") return common;
  const times = { created_at: Math.floor(stats.birthtimeMs), modified_at: Math.floor(stats.mtimeMs) };
  return type === "NOTEBOOK" ? { ...common, ...times, language } : { ...common, ...times, size: stats.size };
}

function pathIn(values: unknown): string {
  return parseWorkspacePath(requireText(values, "path"));
}

function decode(content: string | undefined): Buffer {
  if (content === undefined) throw invalidParameter("Missing required field: content");
  if (!/^[A-Za-z0-9+/\s]*=*\s*$/.test(content)) throw invalidParameter("The content is not Base64.");
  return Buffer.from(content, "base64");
}

const versions = ["2.0"];

export const workspaceObjectRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/workspace/mkdirs", handle: makeFolders }),
  ...inVersions(versions, { method: "POST", path: "/workspace/import", handle: importObject }),
  ...inVersions(versions, { method: "GET", path: "/workspace/export", handle: exportObject }),
  ...inVersions(versions, { method: "GET", path: "/workspace/get-status", handle: getStatus }),
  ...inVersions(versions, { method: "GET", path: "/workspace/list", handle: listObjects }),
  ...inVersions(versions, { method: "POST", path: "/workspace/delete", handle: deleteObject }),
];
