import { join } from "node:path";
import { baselineMismatch, stateMissing } from "../errors/catalogue/update.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import { parseBaseline } from "./baseline.ts";
import { parseManifest, type Manifest } from "./manifest.ts";
import { readStateFile } from "./read-state-file.ts";
import { sha256, treeSha256 } from "./sha256.ts";
import { statePaths } from "./state-paths.ts";
import { statOf } from "./working-tree/read-entry.ts";

/** What a repository was made from, proven to be consistent. */
export interface RepositoryState {
  readonly manifest: Manifest;
  /** The templates as they were rendered then: the base of a merge. */
  readonly baseline: RenderedTree;
  /** The file that the baseline was read from. */
  readonly baselineBytes: Uint8Array;
  /** The answers file as it is now. */
  readonly answersText: string;
  /** The answers file that the baseline was rendered with. */
  readonly baselineAnswersText: string;
  /** The answers were changed after the baseline was rendered; they are input of the next update, never of the base. */
  readonly answersEdited: boolean;
}

/** The bytes of the state files; `undefined` where one does not exist. */
export type StateBytes = Readonly<Record<keyof typeof statePaths, Uint8Array | undefined>>;

/** Whether a folder has any of the files under `.eac-model/`: only then is it a model repository, whole or damaged. */
export function hasState(folder: string): boolean {
  return Object.values(statePaths).some((path) => statOf(join(folder, path)) !== undefined);
}

/** Reads and verifies the state of the repository in a folder. */
export async function readState(folder: string): Promise<RepositoryState> {
  return parseState({
    answers: readStateFile(folder, statePaths.answers),
    manifest: readStateFile(folder, statePaths.manifest),
    baseline: readStateFile(folder, statePaths.baseline),
  });
}

/** Verifies the state of a repository, wherever its bytes came from: each hash of the manifest is checked. */
export function parseState(bytes: StateBytes): RepositoryState {
  const answers = present(bytes, "answers");
  const manifest = parseManifest(Buffer.from(present(bytes, "manifest")).toString("utf8"));
  const baselineBytes = present(bytes, "baseline");
  const { tree: baseline, answersText: baselineAnswersText } = parseBaseline(baselineBytes);
  const hasItsAnswers = sha256(Buffer.from(baselineAnswersText, "utf8")) === manifest.answersSha256;
  const differing = [...differingPaths(manifest, baseline), ...(hasItsAnswers ? [] : ["the answers"])];
  if (differing.length > 0) throw baselineMismatch(statePaths.baseline, differing);
  return {
    manifest,
    baseline,
    baselineBytes,
    answersText: Buffer.from(answers).toString("utf8"),
    baselineAnswersText,
    answersEdited: sha256(answers) !== manifest.answersSha256,
  };
}

function differingPaths(manifest: Manifest, baseline: RenderedTree): readonly string[] {
  const unseen = new Set(Object.keys(manifest.files));
  const differing = baseline.filter(({ path, mode, bytes }) => {
    const file = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    unseen.delete(path);
    return file?.mode !== mode || file.sha256 !== sha256(bytes);
  });
  const paths = [...differing.map(({ path }) => path), ...unseen].toSorted();
  if (paths.length === 0 && treeSha256(baseline) !== manifest.template.treeSha256) return ["treeSha256"];
  return paths;
}

function present(bytes: StateBytes, name: keyof StateBytes): Uint8Array {
  const found = bytes[name];
  if (found === undefined) throw stateMissing(statePaths[name]);
  return found;
}
