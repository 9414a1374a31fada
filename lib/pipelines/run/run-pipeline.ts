import { mkdir } from "node:fs/promises";
import type { StageModel } from "../pipeline-model.ts";
import { combineResults } from "./results.ts";
import { createRunState, type RunState } from "./run-state.ts";
import { runStage } from "./run-stage.ts";
import type { RunOutcome, RunRequest, RunResult, StageOutcome } from "./run-types.ts";
import { ancestorsOf, runGraph } from "./schedule.ts";

/** Runs a validated pipeline on this machine. What goes wrong in it is its outcome; when this resolves, nothing that it started is left. */
export async function runPipeline(request: RunRequest): Promise<RunOutcome> {
  await mkdir(request.folder, { recursive: true });
  const state = createRunState(request);
  const stages = await runStages(state);
  const result = resultOf(stages, request.signal.aborted);
  state.report.tell({ type: "finished", at: {}, result });
  return {
    result,
    stages,
    artifacts: Object.fromEntries(state.artifacts),
    notEmulated: state.report.notEmulated,
    tags: [...state.tags].map((tag) => state.masker.mask(tag)),
    number: state.masker.mask(state.number),
  };
}

/** What ran too long was canceled by nobody: the run has failed. */
function resultOf(stages: readonly StageOutcome[], isCanceled: boolean): RunResult {
  if (isCanceled) return "canceled";
  const result = combineResults(stages.map((stage) => stage.result));
  return result === "canceled" ? "failed" : result;
}

interface StageNode {
  readonly stage: StageModel;
  readonly name: string;
  readonly dependsOn: readonly string[];
}

async function runStages(run: RunState): Promise<readonly StageOutcome[]> {
  const nodes = run.request.model.stages.map((stage, index, all) => nodeOf(stage, all[index - 1]));
  const results = new Map<string, RunResult>();
  return await runGraph(nodes, async (node) => {
    const before = nodes.filter(({ name }) => isAmong(node.dependsOn, name));
    const outcome = await runStage({
      run,
      stage: node.stage,
      before: resultsOf(before, results),
      results: resultsOf(ancestorsOf(node, nodes), results),
    });
    results.set(node.name, outcome.result);
    return outcome;
  });
}

/** A stage that states nothing waits for the one before it. */
function nodeOf(stage: StageModel, previous: StageModel | undefined): StageNode {
  const otherwise = previous === undefined ? [] : [previous.name];
  const dependsOn = stage.dependsOn?.map(({ text }) => text) ?? otherwise;
  return { stage, name: stage.name, dependsOn };
}

function resultsOf(
  nodes: readonly StageNode[],
  results: ReadonlyMap<string, RunResult>,
): ReadonlyMap<string, RunResult> {
  return new Map(nodes.map(({ name }) => [name, results.get(name) ?? "skipped"]));
}

function isAmong(names: readonly string[], name: string): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}
