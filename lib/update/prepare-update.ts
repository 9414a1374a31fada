import { isDeepStrictEqual } from "node:util";
import type { Answers } from "../answers/answers.ts";
import { downgrade } from "../errors/catalogue/update.ts";
import { ownerOf } from "../template/ownership.ts";
import { renamesBetween } from "../template/renames.ts";
import { ownershipFor, renderTree } from "../template/render-tree.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { TemplateSet } from "../template/template-set.ts";
import { compareVersions } from "./compare-versions.ts";
import type { RepositoryState } from "./read-state.ts";
import { baselineAfter, releasedAfter, renamesOfReleased, type ReleaseRequest } from "./released-paths.ts";
import { treeSha256 } from "./sha256.ts";
import { stateFiles } from "./state-files.ts";
import { answersOfLastRender } from "./stored-answers.ts";
import { isSameEntry } from "./tree-entries.ts";
import type { Rename, Tree, TreeEntry, UpdateInput, UpdatePlan } from "./update-plan.ts";

export interface UpdateRequest extends ReleaseRequest {
  readonly state: RepositoryState;
  readonly templates: TemplateSet;
  /** The answers from now on. */
  readonly answers: Answers;
}

/** Everything about an update that does not depend on what the repository holds besides its state. */
export interface PreparedUpdate {
  /** Versions of the templates. */
  readonly from: string;
  readonly to: string;
  readonly answersBefore: Answers;
  readonly answers: Answers;
  /** Hash of everything that the templates make of the answers now, and the next update starts from. */
  readonly targetSha256: string;
  /** What planning starts from, but for our side. */
  readonly input: Omit<UpdateInput, "ours">;
  /** Folders that a changed answer gives another name, each with a slash at the end. */
  readonly movedFolders: readonly Rename[];
  /** The files under `.eac-model/` after that plan. */
  readonly stateAfter: (plan: UpdatePlan) => RenderedTree;
}

/** Renders the new templates and finds what they are to be merged with; pure. Refuses templates older than those of the repository. */
export function prepareUpdate(request: UpdateRequest): PreparedUpdate {
  const { state, templates, answers } = request;
  const from = state.manifest.template.version;
  if (compareVersions(from, templates.version) > 0) throw downgrade(from, templates.version);
  const answersBefore = answersOfLastRender(state, answers);
  const tree = renderTree(templates, answers);
  const trees = { base: treeOf(state.baseline), theirs: treeOf(tree) };
  const renames = renamesBetween(templates, { before: answersBefore, after: answers });
  const declared = renames.filter((rename) => applies(rename, trees));
  const applied = [...declared, ...renamesOfReleased(request, trees)];
  const owner = owners(request, trees.theirs);
  const released = releasedAfter(request, { ...trees, ownerOf: owner, renames: applied });
  const input = {
    ...trees,
    theirsBefore: renderBefore(request, answersBefore) ?? trees.theirs,
    ownerOf: owner,
    renames: applied,
    released,
    restored: new Set(request.restore),
    labels: labelsFor(from, templates.version),
  };
  const baseline = baselineAfter(tree, { state, input });
  return {
    from,
    to: templates.version,
    answersBefore,
    answers,
    targetSha256: treeSha256(baseline),
    input,
    movedFolders: movedFolders(answersBefore, answers),
    stateAfter: stateWriter(request, { tree: baseline, released, renames: applied }),
  };
}

/** Undefined where the answers are the same: then nothing but the templates can have changed a file. */
function renderBefore({ templates, answers }: UpdateRequest, before: Answers): Tree | undefined {
  if (isDeepStrictEqual(before, answers)) return undefined;
  return treeOf(renderTree(templates, before));
}

function movedFolders(before: Answers, after: Answers): readonly Rename[] {
  if (before.model_folder === after.model_folder) return [];
  return [{ from: `${before.model_folder}/`, to: `${after.model_folder}/` }];
}

/** A path belongs to whom the new templates say; one that they do not have any more, to whom it belonged. */
function owners({ state, templates, answers }: UpdateRequest, theirs: Tree): UpdateInput["ownerOf"] {
  const ownership = ownershipFor(templates, answers);
  const files = new Map(Object.entries(state.manifest.files));
  return (path) => {
    const before = theirs.has(path) ? undefined : files.get(path);
    return before?.owner ?? ownerOf(ownership, path);
  };
}

/** A name that was given away may be taken by another file later: then the file of that name was not renamed. */
function applies(
  { from, to }: Rename,
  { base, theirs }: { readonly base: Tree; readonly theirs: Tree },
): boolean {
  return base.has(from) && !theirs.has(from) && theirs.has(to) && !base.has(to);
}

function stateWriter(
  { state, templates, answers }: UpdateRequest,
  after: Pick<UpdateInput, "released" | "renames"> & { readonly tree: RenderedTree },
): PreparedUpdate["stateAfter"] {
  const gone = new Set(after.renames.map(({ from }) => from));
  return (plan) =>
    stateFiles({
      answers,
      templates,
      tree: after.tree,
      unresolved: changesNothing(plan) ? state.manifest.unresolved : unresolvedPaths(plan),
      released: [...after.released].filter((path) => !gone.has(path)),
      present: state,
    });
}

/** Then conflicts that are resolved stay on record: to forget them is no reason for a change. */
function changesNothing({ entries }: UpdatePlan): boolean {
  return entries.every(
    ({ movedFrom, before, after, conflict }) =>
      movedFrom === undefined && conflict === undefined && isSameEntry(before, after),
  );
}

function unresolvedPaths({ entries }: UpdatePlan): readonly string[] {
  return entries.flatMap(({ path, conflict }) => {
    if (conflict === undefined) return [];
    return conflict.sidecar === undefined ? [path] : [path, conflict.sidecar.path];
  });
}

function labelsFor(from: string, to: string): UpdateInput["labels"] {
  return {
    ours: "ours (repository)",
    base: `base (eac-model ${from})`,
    theirs: `template (eac-model ${to})`,
  };
}

function treeOf(entries: readonly TreeEntry[]): Tree {
  return new Map(entries.map((entry) => [entry.path, entry]));
}
