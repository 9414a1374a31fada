import { parseAnswers } from "../../answers/parse-answers.ts";
import type { AnswersInput } from "../../answers/answers-input.ts";
import { compareVersions } from "../../update/compare-versions.ts";
import { newestVersion } from "../../update/plan-commit.ts";
import { hasState, readState, type RepositoryState } from "../../update/read-state.ts";
import { storedAnswers } from "../../update/stored-answers.ts";
import { findLeftoverConflicts } from "../../update/working-tree/find-leftover-conflicts.ts";
import { openRepository } from "../../update/working-tree/model-repository.ts";
import { refuseUnfinished } from "../../update/working-tree/recover-update.ts";
import { findingOf, ok, type Finding } from "./finding.ts";

const topic = "model repository";

export interface RepositoryFindings {
  readonly findings: readonly Finding[];
  /** Undefined where the folder is no model repository, or its answers cannot be read. */
  readonly answers: AnswersInput | undefined;
}

/** What eac-model keeps in a model repository: whether the next update could start from it. */
export async function checkRepository(folder: string): Promise<RepositoryFindings> {
  if (!hasState(folder)) return { findings: [ok(topic, `there is none in ${folder}`)], answers: undefined };
  const work = await checkWork(folder);
  try {
    const state = await readState(folder);
    const answers = storedAnswers(state);
    const findings = [await checkVersion(state), checkAnswers(answers), ...conflicts(folder, state), ...work];
    return { findings, answers };
  } catch (error) {
    return { findings: [findingOf(topic, error), ...work], answers: undefined };
  }
}

async function checkVersion({ manifest }: RepositoryState): Promise<Finding> {
  const { version } = manifest.template;
  const newest = await newestVersion();
  const order = compareVersions(version, newest);
  const text = `made with eac-model ${version}, this is ${newest}`;
  if (order === 0) return ok(topic, text);
  const hint =
    order < 0
      ? "See what an update would do: eac-model update --dry-run"
      : `Install eac-model ${version} or later.`;
  return { topic, level: order < 0 ? "warning" : "problem", text, hint };
}

function checkAnswers(answers: AnswersInput): Finding {
  try {
    parseAnswers(answers);
    return ok("answers", "complete and valid");
  } catch (error) {
    return findingOf("answers", error);
  }
}

function conflicts(folder: string, { manifest }: RepositoryState): readonly Finding[] {
  return findLeftoverConflicts(folder, manifest.unresolved).map(({ path, message }) => ({
    topic: "conflict",
    level: "problem",
    text: path,
    hint: message,
  }));
}

/** Of updates that run, or ran and were killed. */
async function checkWork(folder: string): Promise<readonly Finding[]> {
  try {
    await refuseUnfinished(await openRepository(folder));
    return [];
  } catch (error) {
    return [findingOf("update", error)];
  }
}
