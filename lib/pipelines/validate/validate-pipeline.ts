import { expandPipeline, type ExpandedPipeline, type ExpandOptions } from "../expand-pipeline.ts";
import { readPipelineModel, type PipelineModel } from "../pipeline-model.ts";
import { PipelineError, type PipelineProblem } from "../problem.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import { checkConditions } from "./check-conditions.ts";
import { checkGraph } from "./check-graph.ts";
import { checkSecurity, type SecurityRules } from "./check-security.ts";
import { checkStructure } from "./check-structure.ts";
import { checkSteps } from "./check-tasks.ts";
import { checkVariables, type GroupNames } from "./check-variables.ts";
import { checkPlaces } from "./check-places.ts";
import { checkScripts } from "./check-scripts.ts";
import { checkSources } from "./check-sources.ts";
import { checkStrategies } from "./check-strategy.ts";
import { checkWrittenConditions } from "./check-written-conditions.ts";

/** A pipeline as far as it can be read, with everything that is wrong with it. */
export interface ValidatedPipeline {
  readonly expanded: ExpandedPipeline | undefined;
  readonly model: PipelineModel | undefined;
  /** In the order of the files and their lines; empty means that the pipeline is good. */
  readonly problems: readonly PipelineProblem[];
}

export interface ValidateOptions extends ExpandOptions, Partial<SecurityRules> {
  /** The names in variable groups; a group that is not here may hold any. */
  readonly groups?: GroupNames;
}

/** Expands a pipeline and judges the result; what is wrong is returned, never thrown. */
export function validatePipeline(options: ValidateOptions): ValidatedPipeline {
  let expanded: ExpandedPipeline;
  try {
    expanded = expandPipeline(options);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { expanded: undefined, model: undefined, problems: error.problems };
  }
  const model = readPipelineModel(expanded.root);
  const rules = { isForPullRequests: options.isForPullRequests ?? false };
  const problems = [
    // First, so that what is found again where it is used takes its place.
    ...checkWrittenConditions(expanded.sources),
    ...checkStructure(model),
    ...checkGraph(model),
    ...checkSteps(model),
    ...checkConditions(model),
    ...checkVariables(model, options.groups),
    ...checkPlaces(model),
    ...checkArtifacts(model),
    ...checkStrategies(model),
    ...checkScripts(model),
    ...checkSecurity(model, rules),
    ...checkSources(expanded.sources),
    ...expanded.advice,
  ];
  return { expanded, model, problems: inOrder(problems, expanded.files) };
}

function inOrder(problems: readonly PipelineProblem[], files: readonly string[]): readonly PipelineProblem[] {
  const key = ({ at, message }: PipelineProblem): string =>
    [files.indexOf(at.file) + 1, at.line, at.column].map((part) => String(part).padStart(6, "0")).join(":") +
    message;
  const unique = new Map(problems.map((problem) => [key(problem), problem]));
  return [...unique].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, problem]) => problem);
}
