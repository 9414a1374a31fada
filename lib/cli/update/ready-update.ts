import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { changedAnswers, type ChangedAnswer } from "../../answers/changed-answers.ts";
import { notAModelRepository } from "../../errors/catalogue/cli.ts";
import { readHead } from "../../git/read-index.ts";
import { collectAnswers } from "../../scaffold/collect-answers.ts";
import { readTemplates } from "../../template/read-templates.ts";
import { centralTemplates, type CentralTemplates } from "../../update/central-templates.ts";
import { planWorkingTree, refuseUnready, type PlannedUpdate } from "../../update/plan-working-tree.ts";
import { prepareUpdate, type PreparedUpdate } from "../../update/prepare-update.ts";
import { hasState, readState } from "../../update/read-state.ts";
import { answersOfBaseline, storedAnswers } from "../../update/stored-answers.ts";
import { readIndexSnapshot } from "../../update/working-tree/index-snapshot.ts";
import { openRepository, type ModelRepository } from "../../update/working-tree/model-repository.ts";
import { optionValue, type CommandInput } from "../command.ts";
import type { Context } from "../context.ts";
import { givenPaths } from "./given-paths.ts";

/** An update that nothing stands in the way of. */
export interface ReadyUpdate extends Pick<PreparedUpdate, "from" | "to"> {
  readonly folder: string;
  readonly planned: PlannedUpdate;
  /** Answers that differ from those of the last render; a question that is new had none. */
  readonly answers: readonly ChangedAnswer[];
  readonly hasChanges: boolean;
  /** The central templates that the pipelines did not use before. */
  readonly newTemplates: CentralTemplates | undefined;
}

/** The model repository in a folder; any other folder is refused. */
export async function openModel(folder: string): Promise<ModelRepository> {
  if (!hasState(folder)) throw notAModelRepository(folder);
  const opening = openRepository(folder);
  await Promise.all([opening, readTemplates()]); // They are read, for whoever plans, while git answers.
  return await opening;
}

/** Reads everything, asks for what is not answered, and plans; changes nothing. */
export async function readyUpdate(
  repository: ModelRepository,
  input: CommandInput,
  context: Context,
): Promise<ReadyUpdate> {
  const { folder } = repository;
  const head = readHead(folder); // Takes no time: git reads while the templates are rendered.
  const snapshot = readIndexSnapshot(repository);
  for (const reading of [head, snapshot]) reading.catch(() => undefined); // Awaited below, unless something else fails first.
  const state = await readState(folder);
  const file = optionValue(input, "answers");
  const answers = await collectAnswers({
    stored: storedAnswers(state),
    fixed: {},
    set: input.values.get("set") ?? [],
    answersFile: file === undefined ? undefined : resolve(context.cwd, file),
    ask: input.flags.has("yes") ? undefined : context.ask,
  });
  const prepared = prepareUpdate({
    state,
    templates: await readTemplates(),
    answers,
    release: givenPaths(input, context, { folder, option: "release" }),
    restore: givenPaths(input, context, { folder, option: "restore" }),
  });
  const planned = await planWorkingTree(repository, prepared, { snapshot });
  const { hasChanges } = await refuseUnready(repository, { state, prepared, planned, head: await head });
  const changed = changedAnswers(answersOfBaseline(state), { ...answers });
  const { from, to } = prepared;
  const before = centralTemplates(prepared.answersBefore, from);
  const now = centralTemplates(answers, to);
  const newTemplates = isDeepStrictEqual(before, now) ? undefined : now;
  return { folder, from, to, planned, answers: changed, hasChanges, newTemplates };
}
