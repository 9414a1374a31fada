import { statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { corePipelines, type Pipeline } from "../../answers/pipelines.ts";
import { pipelineUnknown } from "../../errors/catalogue/pipelines.ts";

/** A pipeline of a repository, with its kind where the table of the model's pipelines has it. */
export interface FoundPipeline {
  readonly kind: string | undefined;
  /** Its name in Azure DevOps, or its file. */
  readonly name: string;
  /** Path from the root of the repository, with `/` between names. */
  readonly file: string;
}

/** The pipeline that a word means: a kind such as `ci` or `train`, a name, or a file. */
export function findPipeline(word: string, folder: string, answers: Answers | undefined): FoundPipeline {
  const known = answers === undefined ? [] : corePipelines(answers);
  const found = known.find(({ kind, name }) => kind === word || name === word || shortKind(kind) === word);
  if (found !== undefined) return found;
  const file = pathInside(folder, word);
  const listed = known.find((pipeline) => pipeline.file === file);
  if (listed !== undefined) return listed;
  if (file !== undefined) return { kind: undefined, name: file, file };
  throw pipelineUnknown(
    word,
    known.map(({ kind }) => shortKind(kind)),
  );
}

/** `train` and `score` for the pipelines that also evaluate. */
export function shortKind(kind: Pipeline["kind"]): string {
  return kind.endsWith("-evaluate") ? kind.slice(0, -"-evaluate".length) : kind;
}

/** Undefined where there is no such file in the repository. */
function pathInside(folder: string, word: string): string | undefined {
  const path = resolve(folder, word);
  const inside = relative(folder, path);
  if (inside.startsWith("..") || isAbsolute(inside)) return undefined;
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? inside.split(sep).join("/")
    : undefined;
}
