import { join } from "node:path";
import { findItem, readBlob } from "../../../git/bare-repository.ts";
import type { ExpandOptions } from "../../../pipelines/expand-pipeline.ts";
import type { Value } from "../../../pipelines/expressions/value.ts";
import { parseYamlNode } from "../../../pipelines/parse-yaml-node.ts";
import type { PipelineModel } from "../../../pipelines/pipeline-model.ts";
import { PipelineError, type PipelineProblem } from "../../../pipelines/problem.ts";
import { validatePipeline } from "../../../pipelines/validate/validate-pipeline.ts";
import { entryOf, itemsOf, textOf, type MapNode } from "../../../pipelines/yaml-node.ts";
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
  const { override } = input;
  if (override !== undefined) files.set(keyOf("self", source.file), override);
  for (;;) {
    const missing: Wanted[] = [];
    const read: ExpandOptions["read"] = ({ alias, path }) => {
      const key = keyOf(alias, path);
      if (!files.has(key)) missing.push({ alias, path });
      return files.get(key);
    };
    const found = judge({ read, file: source.file, ...input });
    if (missing.length === 0) return found;
    for (const wanted of missing)
      files.set(keyOf(wanted.alias, wanted.path), await fetchText(source, wanted, files));
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

async function fetchText(
  source: PipelineSource,
  { alias, path }: Wanted,
  files: ReadonlyMap<string, string | undefined>,
): Promise<string | undefined> {
  if (alias === "self") return await readText(source, path);
  const main = files.get(keyOf("self", source.file));
  const place =
    main === undefined ? undefined : repositoryOf(source, parseYamlNode(main, source.file), alias);
  return place === undefined ? undefined : await readText({ ...source, ...place }, path);
}

/** The repository of this organisation that an alias stands for; those of other hosts are out of reach. */
function repositoryOf(
  { organization, repositoryId }: PipelineSource,
  root: ReturnType<typeof parseYamlNode>,
  alias: string,
): Pick<PipelineSource, "repositoryId" | "revision"> | undefined {
  const entry = itemsOf(entryOf(entryOf(root, "resources"), "repositories")).find(
    (item) => textOf(item, "repository") === alias,
  );
  const name = textOf(entry, "name");
  if (name === undefined || textOf(entry, "type")?.toLowerCase() !== "git") return undefined;
  const own = findRepository(organization, { project: undefined, idOrName: repositoryId });
  const [project, idOrName] = name.includes("/") ? name.split("/", 2) : [own.projectId, name];
  const found = tryFind(organization, project, idOrName ?? "");
  if (found === undefined) return undefined;
  const ref = textOf(entry, "ref") ?? found.defaultBranch ?? "refs/heads/main";
  return { repositoryId: found.id, revision: ref.startsWith("refs/") ? ref : `refs/heads/${ref}` };
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

function keyOf(alias: string, path: string): string {
  return `${alias} ${path}`;
}
