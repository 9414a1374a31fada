import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { wrongUsage } from "../../errors/catalogue/cli.ts";
import type { ExpandOptions } from "../../pipelines/expand-pipeline.ts";
import { parseYamlNode } from "../../pipelines/parse-yaml-node.ts";
import { PipelineError } from "../../pipelines/problem.ts";
import { repositoryResources, type RepositoryResource } from "../../pipelines/repository-resources.ts";
import type { FileLocation } from "../../pipelines/scope.ts";
import { platformTree, templatesTag } from "../../template/platform-tree.ts";
import { readTemplates } from "../../template/read-templates.ts";

/** Where the templates of other repositories are on this machine. */
export interface OtherRepositories {
  /** Folders by alias or name of the repository, in lower case. */
  readonly folders: ReadonlyMap<string, string>;
  /** The platform's templates as they came with this package; absent where the model has copies. */
  readonly platform?: {
    readonly name: string;
    readonly ref: string;
    readonly files: ReadonlyMap<string, Uint8Array>;
  };
}

type Readers = Pick<ExpandOptions, "read" | "whyMissing">;

/** What `--repository name=dir` says, and the templates of this package for a model that takes them from the platform. */
export async function findRepositories(
  given: readonly string[],
  context: { readonly cwd: string; readonly answers: Answers | undefined },
): Promise<OtherRepositories> {
  const folders = new Map(given.map((text) => readOption(text, context.cwd)));
  const { answers } = context;
  if (answers?.templates !== "central") return { folders };
  const templates = await readTemplates();
  return {
    folders,
    platform: {
      name: answers.templates_repository,
      ref: `refs/tags/${templatesTag(templates.version)}`,
      files: new Map(platformTree(templates).map(({ path, bytes }) => [path, bytes])),
    },
  };
}

function readOption(text: string, cwd: string): [string, string] {
  const end = text.indexOf("=");
  const [name, folder] = [text.slice(0, Math.max(end, 0)).trim(), resolve(cwd, text.slice(end + 1))];
  if (name === "")
    throw wrongUsage(`--repository needs name=dir, not ${JSON.stringify(text)}.`, "See eac-model run --help");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw wrongUsage(`--repository ${name}: ${folder} is no folder.`, "Name the folder of a clone.");
  return [name.toLowerCase(), folder];
}

/** Reads files of a repository in a folder, and of those that one of its pipelines declares. */
export function readersFor(folder: string, file: string, others: OtherRepositories): Readers {
  const declared = declaredIn(join(folder, file), file);
  const find = (alias: string): RepositoryResource | undefined =>
    declared.find((repository) => repository.alias === alias);
  return {
    read: ({ alias, path }) => {
      if (alias === "self") return readText(join(folder, path));
      const repository = find(alias);
      if (repository === undefined) return undefined;
      const other = folderOf(repository, others);
      return other === undefined ? ownTemplate(repository, path, others) : readText(join(other, path));
    },
    whyMissing: (location) => {
      const repository = find(location.alias);
      return repository === undefined ? undefined : whyMissing(repository, location, others);
    },
  };
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function declaredIn(path: string, file: string): readonly RepositoryResource[] {
  try {
    return repositoryResources(parseYamlNode(readText(path) ?? "", file));
  } catch (error) {
    // What is wrong with the file is found again, and told, when it is judged.
    if (error instanceof PipelineError) return [];
    throw error;
  }
}

function folderOf({ alias, name }: RepositoryResource, { folders }: OtherRepositories): string | undefined {
  return folders.get(alias.toLowerCase()) ?? folders.get(name.toLowerCase());
}

function isOwn({ name, ref }: RepositoryResource, { platform }: OtherRepositories): boolean {
  return platform?.name.toLowerCase() === name.toLowerCase() && platform.ref === ref;
}

function ownTemplate(
  repository: RepositoryResource,
  path: string,
  others: OtherRepositories,
): string | undefined {
  const bytes = isOwn(repository, others) ? others.platform?.files.get(path) : undefined;
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
}

function whyMissing(
  repository: RepositoryResource,
  { path }: FileLocation,
  others: OtherRepositories,
): string | undefined {
  const { name, ref = "its default branch" } = repository;
  const folder = folderOf(repository, others);
  if (folder !== undefined) return `The file ${path} is not in ${folder}, which stands for ${name}.`;
  if (isOwn(repository, others)) return `The file ${path} is not among the templates of ${name} at ${ref}.`;
  return `The repository ${name} at ${ref} is not on this machine: name a clone of it, --repository ${name}=DIR.`;
}

/** One line for each repository that a pipeline's templates may come from: what stands for it here. */
export function describeRepositories(
  folder: string,
  file: string,
  others: OtherRepositories,
): readonly string[] {
  return declaredIn(join(folder, file), file).flatMap((repository) => {
    const place = folderOf(repository, others);
    if (place !== undefined) return [`templates of ${repository.name}: ${place}, as its files are now`];
    if (!isOwn(repository, others)) return [];
    return [`templates of ${repository.name}: those of this eac-model, ${repository.ref ?? ""}`];
  });
}
