import { pathToFileURL } from "node:url";
import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { runOf } from "./build.ts";
import { buildUrl } from "./build-answer.ts";
import { runOfPipeline } from "./pipeline-run.ts";

const ofBuild = location({
  id: "1db06c96-014e-44e1-ac91-90b2d4b3e984",
  area: "build",
  resourceName: "artifacts",
  routeTemplate: "{project}/_apis/{area}/builds/{buildId}/{resource}/{artifactName}",
  resourceVersion: 5,
});

const ofRun = location({
  id: "85023071-bd5e-4438-89b0-2a5bf362a19d",
  area: "Pipelines",
  resourceName: "artifacts",
  routeTemplate: "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}",
});

/** All artifacts of a run, or the one that is named. */
function list(request: RouteRequest): RouteReply {
  const run = runOf(request);
  const name = request.query.get("artifactname");
  if (name !== undefined) return { status: 200, body: artifactBody(run, name, request) };
  const value = Object.keys(run.artifacts).map((artifact) => artifactBody(run, artifact, request));
  return { status: 200, body: listReply(value) };
}

/** One artifact, which the request has to name. */
function getOfRun(request: RouteRequest): RouteReply {
  const run = runOfPipeline(request);
  const name = request.query.get("artifactname") ?? "";
  const folder = folderOf(run, name);
  const url = `${request.baseUrl}/${run.projectId}/_apis/pipelines/${run.pipelineId}/runs/${run.id}/artifacts`;
  return {
    status: 200,
    body: {
      name,
      url: `${url}?artifactName=${encodeURIComponent(name)}`,
      signedContent: { url: pathToFileURL(folder).toString(), signatureExpires: "9999-12-31T23:59:59Z" },
    },
  };
}

/** Artifacts lie on this machine: clients find the folder, as those of a file share. */
function artifactBody(run: RunRecord, name: string, { baseUrl }: RouteRequest): JsonObject {
  const folder = folderOf(run, name);
  return {
    id: Object.keys(run.artifacts).indexOf(name) + 1,
    name,
    source: null,
    resource: {
      type: "FilePath",
      data: folder,
      properties: {},
      url: `${buildUrl(run, baseUrl)}/artifacts?artifactName=${encodeURIComponent(name)}`,
      downloadUrl: pathToFileURL(folder).toString(),
    },
  };
}

function folderOf(run: RunRecord, name: string): string {
  const folder = Object.hasOwn(run.artifacts, name) ? run.artifacts[name] : undefined;
  if (folder !== undefined) return folder;
  throw new ServiceError(
    404,
    "ArtifactNotFoundException",
    `Artifact ${name} was not found for build ${run.id}.`,
  );
}

export const runArtifactRoutes: readonly Route[] = [
  { location: ofBuild, method: "GET", requires: ["project", "buildId"], handle: list },
  { location: ofRun, method: "GET", requires: ["project", "pipelineId", "runId"], handle: getOfRun },
];
