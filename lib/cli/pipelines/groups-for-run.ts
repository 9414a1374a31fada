import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import type { PipelineModel } from "../../pipelines/pipeline-model.ts";
import type { Context } from "../context.ts";
import { localVariables } from "./local-variables.ts";
import { readVariableGroups, variableGroupsFile, type Groups } from "./variable-groups.ts";

export interface GroupReader {
  readonly folder: string;
  readonly answers: Answers | undefined;
  readonly model: PipelineModel;
}

/** The variable groups for a run; where the pipeline reads any, it waits for the servers of this machine and says when there are none. */
export async function groupsForRun(reader: GroupReader, context: Context): Promise<Groups> {
  const { folder, answers, model } = reader;
  const warn = (text: string): void => context.reporter.report({ type: "warning", text });
  const isRead = readsGroups(model);
  const servers = { folder: context.localFolder, warn, signal: context.stop.signal };
  const local = isRead ? await localVariables(servers) : {};
  const groups = await readVariableGroups({ folder, answers, local, environ: context.environ });
  if (isRead && Object.keys(local).length === 0 && !existsSync(join(folder, variableGroupsFile))) {
    warn(
      `No servers are behind the variable groups of this pipeline: start them with eac-model local start, or give their values in ${variableGroupsFile}.`,
    );
  }
  return groups;
}

function readsGroups({ groups, stages }: PipelineModel): boolean {
  const parts = stages.flatMap((stage) => [stage, ...stage.jobs]);
  return groups.length > 0 || parts.some((part) => part.groups.length > 0);
}
