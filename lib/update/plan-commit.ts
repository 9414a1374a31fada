import type { Answers } from "../answers/answers.ts";
import { parseAnswers } from "../answers/parse-answers.ts";
import { notReady } from "../errors/catalogue/update.ts";
import { listCommitFiles, readCommitFile, type CommitFile } from "../git/commit-files.ts";
import type { ObjectReader } from "../git/object-reader.ts";
import { readTemplates } from "../template/read-templates.ts";
import { centralTemplates, type CentralTemplates } from "./central-templates.ts";
import { findDrift } from "./find-drift.ts";
import { moveOwnFiles } from "./move-own-files.ts";
import { planUpdate } from "./plan-update.ts";
import { prepareUpdate, type PreparedUpdate } from "./prepare-update.ts";
import { readCommitTree } from "./read-commit-tree.ts";
import { parseState, type RepositoryState, type StateBytes } from "./read-state.ts";
import { refusePresent, type ReleaseRequest } from "./released-paths.ts";
import { statePaths } from "./state-paths.ts";
import { storedAnswers } from "./stored-answers.ts";
import type { Tree, TreeEntry, UpdatePlan } from "./update-plan.ts";
import { planChanges, stateChanges, type Change } from "./working-tree/changes.ts";
import { holdsOurMarkers, isSidecar } from "./working-tree/leftover-markers.ts";

/** An update of a commit: what to change, and what to tell about it. */
export interface PlannedCommit extends Pick<PreparedUpdate, "from" | "to" | "targetSha256" | "answers"> {
  readonly plan: UpdatePlan;
  /** Everything that the commit changes, the files under `.eac-model/` last; empty where there is nothing to do. */
  readonly changes: readonly Change[];
  /** Files of the platform that differ here from the templates that they were made from. */
  readonly drift: readonly string[];
  /** Paths that a person has to decide about. */
  readonly conflicts: readonly string[];
  /** What has to be there for the pipelines to run; undefined where their templates are copied. */
  readonly centralTemplates: CentralTemplates | undefined;
}

export interface CommitToUpdate extends Omit<ReleaseRequest, "state"> {
  /** Of the repository that the commit is in. */
  readonly reader: ObjectReader;
  readonly commit: string;
  /** The folder of the model in the repository: empty, or with a slash at the end. */
  readonly prefix: string;
  /** The answers from now on; absent: those that the commit has. */
  readonly answersFrom?: (state: RepositoryState) => Answers | Promise<Answers>;
}

/** Plans the update of a commit; nothing is checked out or written. */
export async function planCommit(update: CommitToUpdate): Promise<PlannedCommit> {
  const { reader } = update;
  const files = await listModelFiles(update);
  const stateEntries = await readStateEntries(reader, files);
  const state = parseState(stateEntries.bytes);
  const templates = await readTemplates();
  const answers = (await update.answersFrom?.(state)) ?? parseAnswers(storedAnswers(state));
  const prepared = prepareUpdate({ ...update, state, templates, answers });
  const { base, theirs, theirsBefore } = prepared.input;
  const ours = await readCommitTree(reader, files, { base, others: [theirs, theirsBefore] });
  await refuseLeftovers(reader, files, state.manifest.unresolved);
  const own = await readOwnFiles(reader, files, prepared);
  const plan = moveOwnFiles(planUpdate({ ...prepared.input, ours }), { folders: prepared.movedFolders, own });
  refusePresent({ state, input: prepared.input }, plan);
  const after = prepared.stateAfter(plan);
  const { from, to, targetSha256 } = prepared;
  return {
    from,
    to,
    targetSha256,
    answers,
    plan,
    changes: [...planChanges(plan), ...stateChanges(after, (path) => stateEntries.entries.get(path))],
    drift: findDrift(prepared.input, ours).map(({ path }) => path),
    conflicts: plan.entries.filter(({ verdict }) => verdict === "conflict").map(({ path }) => path),
    centralTemplates: centralTemplates(answers, to),
  };
}

async function readOwnFiles(
  reader: ObjectReader,
  files: readonly CommitFile[],
  { input, movedFolders }: PreparedUpdate,
): Promise<Tree> {
  const trees = [input.base, input.theirs, input.theirsBefore];
  const own = files
    .filter(({ path, mode }) => mode !== "160000" && movedFolders.some(({ from }) => path.startsWith(from)))
    .filter(({ path }) => !trees.some((tree) => tree.has(path)));
  const bytes = await Promise.all(own.map((file) => readCommitFile(reader, file)));
  return new Map(
    own.map(({ path, mode }, index) => [path, { path, mode, bytes: bytes[index] ?? new Uint8Array() }]),
  );
}

/** The version that an update leads to: that of the templates of this package. */
export async function newestVersion(): Promise<string> {
  return (await readTemplates()).version;
}

async function listModelFiles({ reader, commit, prefix }: CommitToUpdate): Promise<readonly CommitFile[]> {
  const root = await reader.read(prefix === "" ? `${commit}^{tree}` : `${commit}:${prefix.slice(0, -1)}`);
  return root?.type === "tree" ? await listCommitFiles(reader, root.objectId) : [];
}

async function readStateEntries(
  reader: ObjectReader,
  files: readonly CommitFile[],
): Promise<{ readonly bytes: StateBytes; readonly entries: Tree }> {
  const names = new Set<string>(Object.values(statePaths));
  const found = files.filter(({ path }) => names.has(path));
  const read = await Promise.all(found.map((file) => readCommitFile(reader, file)));
  const entries = new Map(
    found.map(({ path, mode }, index): [string, TreeEntry] => [
      path,
      { path, mode, bytes: read[index] ?? new Uint8Array() },
    ]),
  );
  const bytesOf = (path: string): Uint8Array | undefined => entries.get(path)?.bytes;
  const { answers, manifest, baseline } = statePaths;
  const bytes = { answers: bytesOf(answers), manifest: bytesOf(manifest), baseline: bytesOf(baseline) };
  return { bytes, entries };
}

/** Conflicts of an earlier update that nobody resolved before they were merged. */
async function refuseLeftovers(
  reader: ObjectReader,
  files: readonly CommitFile[],
  unresolved: readonly string[],
): Promise<void> {
  if (unresolved.length === 0) return;
  const asked = new Set(unresolved);
  const left = await Promise.all(
    files
      .filter(({ path, mode }) => asked.has(path) && mode !== "160000")
      .map(async (file) => ({ path: file.path, bytes: await readCommitFile(reader, file) })),
  );
  const problems = left
    .filter(({ path, bytes }) => isSidecar(path) || holdsOurMarkers(bytes))
    .map(({ path }) => ({
      path,
      rule: "conflict-left",
      message: "It was committed with a conflict of the last update: resolve it first.",
    }));
  if (problems.length > 0) throw notReady(problems);
}
