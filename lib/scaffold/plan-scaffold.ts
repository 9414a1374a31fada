import type { Answers } from "../answers/answers.ts";
import { targetHasForeignFiles, targetHasOtherAnswers } from "../errors/catalogue/scaffold.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import { statePaths } from "../update/state-paths.ts";
import type { TargetFolder } from "./read-target.ts";

/**
 * What making a repository will do.
 * `create`: a new folder. `fill`: an existing folder that is empty or was left by an interrupted run. `keep`: nothing to do.
 */
export interface ScaffoldPlan {
  readonly action: "create" | "fill" | "keep";
  readonly folder: string;
  readonly branch: string;
  readonly commitMessage: string;
  readonly files: RenderedTree;
}

export interface ScaffoldInput {
  readonly answers: Answers;
  readonly folder: string;
  /** The whole repository: rendered templates and the files under `.eac-model/`. */
  readonly files: RenderedTree;
  readonly target: TargetFolder;
  readonly generatorVersion: string;
}

/** Decides what to do with the target folder; refuses, with nothing written, where it holds anything that is not ours. */
export function planScaffold(input: ScaffoldInput): ScaffoldPlan {
  const { answers, folder, files } = input;
  return {
    action: decideAction(input),
    folder,
    branch: answers.default_branch,
    commitMessage: `Create ${answers.model_name} from eac-model ${input.generatorVersion} [skip ci]`,
    files,
  };
}

function decideAction({ folder, files, target }: ScaffoldInput): ScaffoldPlan["action"] {
  if (!target.exists) return "create";
  const ours = new Map(files.map((file) => [file.path, file.bytes]));
  if (target.hasCommit && target.files.has(statePaths.answers)) {
    const changed = changedLines(target.files.get(statePaths.answers), ours.get(statePaths.answers));
    if (changed.length > 0) throw targetHasOtherAnswers(folder, changed);
    return "keep";
  }
  const foreign = [...target.files]
    .filter(([path, bytes]) => !isSame(bytes, ours.get(path)))
    .map(([path]) => path);
  if (target.hasCommit) foreign.unshift(".git (it has commits)");
  if (foreign.length > 0) throw targetHasForeignFiles(folder, foreign.toSorted());
  return "fill";
}

function isSame(left: Uint8Array, right: Uint8Array | undefined): boolean {
  return right !== undefined && Buffer.compare(left, right) === 0;
}

/** The lines of the wanted answers file that the present one does not have, as names for a message. */
function changedLines(present: Uint8Array | undefined, wanted: Uint8Array | undefined): readonly string[] {
  const known = new Set(linesOf(present));
  const missing = linesOf(wanted).filter((line) => !known.has(line));
  const isShorter = missing.length === 0 && linesOf(wanted).length !== linesOf(present).length;
  return isShorter ? ["fewer answers"] : missing.map((line) => line.trim());
}

function linesOf(bytes: Uint8Array | undefined): readonly string[] {
  return Buffer.from(bytes ?? [])
    .toString("utf8")
    .split("\n");
}
