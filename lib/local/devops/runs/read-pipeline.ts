import { join } from "node:path";
import { findItem, listRefs, readBlob } from "../../../git/bare-repository.ts";
import type { ExpandOptions } from "../../../pipelines/expand-pipeline.ts";
import type { Value } from "../../../pipelines/expressions/value.ts";
import { parseYamlNode } from "../../../pipelines/parse-yaml-node.ts";
import type { PipelineModel } from "../../../pipelines/pipeline-model.ts";
import { PipelineError, type PipelineProblem } from "../../../pipelines/problem.ts";
import { validatePipeline } from "../../../pipelines/validate/validate-pipeline.ts";
import { repositoryResources, type RepositoryResource } from "../../../pipelines/repository-resources.ts";
import type { MapNode } from "../../../pipelines/yaml-node.ts";
import { findRepository, repositoryFolder, type RepositoryRecord } from "../routes/repository-record.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";

/** A file of a pipeline at a commit. */
export interface PipelineSource {
  readonly organization: Organization;
  readonly repositoryId: string;
  /** A commit or a full ref. */
  readonly revision: string;
  /** From the root. */
  readonly file: string;
}

export interface PipelineInput {
  readonly parameters: Readonly<Record<string, Value>>;
  readonly variables: Readonly<Record<string, string>>;
  /** Takes the place of the file's own text. */
  readonly override?: string;
}

/** A pipeline that can run, or what is wrong with it. */
export type ReadPipeline =
  | {
      readonly kind: "good";
      readonly model: PipelineModel;
      readonly root: MapNode;
      readonly files: readonly string[];
    }
  | { readonly kind: "bad"; readonly problems: readonly PipelineProblem[] };

/** The mapping of a pipeline's own file, not expanded; undefined where it is missing or no mapping. */
export async function readRoot(source: PipelineSource): Promise<MapNode | undefined> {
  const text = await readText(source, source.file);
  if (text === undefined) return undefined;
  try {
    const node = parseYamlNode(text, source.file);
    return node.kind === "map" ? node : undefined;
  } catch (error) {
    if (error instanceof PipelineError) return undefined;
    throw error;
  }
}

/** Expands a pipeline from the commit and judges it as the service does before a run. Advice is for `pipelines check`. */
export async function readPipeline(source: PipelineSource, input: PipelineInput): Promise<ReadPipeline> {
  const files = new Map<string, string | undefined>();
  const reasons = new Map<string, string>();
  const { override } = input;
  if (override !== undefined) files.set(keyOf("self", source.file), override);
  for (;;) {
    const missing: Wanted[] = [];
    const read: ExpandOptions["read"] = ({ alias, path }) => {
      const key = keyOf(alias, path);
      if (!files.has(key)) missing.push({ alias, path });
      return files.get(key);
    };
    const whyMissing: ExpandOptions["whyMissing"] = ({ alias, path }) => reasons.get(keyOf(alias, path));
    const found = judge({ read, whyMissing, file: source.file, ...input });
    if (missing.length === 0) return found;
    for (const wanted of missing) {
      const { text, reason } = await fetchText(source, wanted, files);
      files.set(keyOf(wanted.alias, wanted.path), text);
      if (reason !== undefined) reasons.set(keyOf(wanted.alias, wanted.path), reason);
    }
  }
}

interface Wanted {
  readonly alias: string;
  readonly path: string;
}

function judge(options: ExpandOptions): ReadPipeline {
  const { expanded, model, problems } = validatePipeline(options);
  const errors = problems.filter(({ isAdvice }) => isAdvice !== true);
  if (expanded === undefined || model === undefined || errors.length > 0)
    return { kind: "bad", problems: errors };
  return { kind: "good", model, root: expanded.root, files: expanded.files };
}

interface Fetched {
  readonly text: string | undefined;
  /** Why there is none, where more can be said than that. */
  readonly reason?: string;
}

async function fetchText(
  source: PipelineSource,
  { alias, path }: Wanted,
  files: ReadonlyMap<string, string | undefined>,
): Promise<Fetched> {
  if (alias === "self") return { text: await readText(source, path) };
  const main = files.get(keyOf("self", source.file));
  const declared = main === undefined ? [] : repositoryResources(parseYamlNode(main, source.file));
  const resource = declared.find((candidate) => candidate.alias === alias);
  if (resource === undefined) return { text: undefined };
  const repository = resourceRepository(source.organization, source.repositoryId, resource);
  if (repository === undefined)
    return { text: undefined, reason: `There is no repository ${resource.name} in this organisation.` };
  const revision = resource.ref ?? repository.defaultBranch ?? "refs/heads/main";
  const place = { ...source, repositoryId: repository.id, revision };
  const text = await readText(place, path);
  if (text !== undefined || (await hasRevision(place))) return { text };
  return { text, reason: `The repository ${resource.name} has no ${revision}.` };
}

/** The repository of this organisation that a resource stands for; those of other hosts are out of reach. */
export function resourceRepository(
  organization: Organization,
  ownRepositoryId: string,
  { name, type }: RepositoryResource,
): RepositoryRecord | undefined {
  if (type !== "git") return undefined;
  const own = findRepository(organization, { project: undefined, idOrName: ownRepositoryId });
  const [project, idOrName] = name.includes("/") ? name.split("/", 2) : [own.projectId, name];
  return tryFind(organization, project, idOrName ?? "");
}

function tryFind(
  organization: Organization,
  project: string | undefined,
  idOrName: string,
): RepositoryRecord | undefined {
  try {
    return findRepository(organization, { project, idOrName });
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

async function readText(
  { organization, repositoryId, revision }: PipelineSource,
  path: string,
): Promise<string | undefined> {
  const repository = findRepository(organization, { project: undefined, idOrName: repositoryId });
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const item = await findItem(folder, revision, path);
  return item?.type === "blob" ? await readBlob(folder, item.objectId) : undefined;
}

async function hasRevision({ organization, repositoryId, revision }: PipelineSource): Promise<boolean> {
  const repository = findRepository(organization, { project: undefined, idOrName: repositoryId });
  const refs = await listRefs(join(organization.gitFolder, repositoryFolder(repository)));
  return refs.some(({ name }) => name === revision);
}

function keyOf(alias: string, path: string): string {
  return `${alias} ${path}`;
}
