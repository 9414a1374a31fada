import type { JsonObject } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { ensureFolder } from "./folder-record.ts";
import { parsePipeline } from "./pipeline-content.ts";
import { pipelineKind, pipelinesOf, type PipelineRecord } from "./pipeline-record.ts";

/** Makes a pipeline, and its folder where it is missing. */
export function addPipeline(
  organization: Organization,
  project: Project,
  content: JsonObject,
): PipelineRecord {
  const parsed = parsePipeline(organization, content, undefined);
  refuseDuplicate(organization, project, parsed);
  const record: PipelineRecord = {
    id: organization.nextNumber("build-definition"),
    projectId: project.id,
    revision: 1,
    createdDate: organization.now(),
    ...parsed,
  };
  putPipeline(organization, record);
  return record;
}

/** Replaces the content of a pipeline and counts its revision up. */
export function replacePipeline(
  organization: Organization,
  old: PipelineRecord,
  content: JsonObject,
): PipelineRecord {
  const parsed = parsePipeline(organization, content, old.content);
  const record: PipelineRecord = { ...old, ...parsed, revision: old.revision + 1 };
  refuseDuplicate(organization, organization.project(old.projectId), record);
  putPipeline(organization, record);
  return record;
}

/** A pipeline of a project by its number; throws the service's 404. */
export function findPipeline(
  organization: Organization,
  project: Project,
  number: string | undefined,
): PipelineRecord {
  const record = pipelinesOf(organization, project.id).find(({ id }) => String(id) === number);
  if (record !== undefined) return record;
  throw new ServiceError(
    404,
    "DefinitionNotFoundException",
    `The requested build definition ${number} could not be found.`,
  );
}

function putPipeline(organization: Organization, record: PipelineRecord): void {
  ensureFolder(organization, record.projectId, record.folderPath);
  organization.put(pipelineKind, record);
}

/** The same name in two folders is legal. */
function refuseDuplicate(
  organization: Organization,
  project: Project,
  wanted: Pick<PipelineRecord, "name" | "folderPath"> & { readonly id?: number },
): void {
  const taken = pipelinesOf(organization, project.id).some(
    ({ id, name, folderPath }) =>
      id !== wanted.id &&
      name.toLowerCase() === wanted.name.toLowerCase() &&
      folderPath.toLowerCase() === wanted.folderPath.toLowerCase(),
  );
  if (!taken) return;
  throw new ServiceError(
    409,
    "DefinitionExistsException",
    `Build pipeline ${wanted.name} already exists for project ${project.name}.`,
  );
}
