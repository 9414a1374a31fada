import type { PipelineModel, StageModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, itemsOf, textOf, type MapNode, type YamlNode } from "../yaml-node.ts";
import { checkSchedules } from "./check-cron.ts";
import { checkKeys } from "./check-shape.ts";
import {
  deploymentKeys,
  jobKeys,
  oldRepositoryKeys,
  pipelineKeys,
  resourceKeys,
  stageKeys,
  variableKeys,
} from "./shapes.ts";

/** The keys of the pipeline, its stages, jobs, variables, resources and schedules. */
export function checkStructure(pipeline: PipelineModel): readonly PipelineProblem[] {
  const { root } = pipeline;
  return [
    ...checkKeys(root, pipelineKeys, "A pipeline"),
    ...checkParts(root),
    ...checkTriggers(root),
    ...checkSchedules(root),
    ...checkResources(root),
    ...checkVariableItems(root),
    ...pipeline.stages.flatMap((stage) => checkStage(stage, root)),
  ];
}

function checkParts(root: MapNode): readonly PipelineProblem[] {
  const parts = ["stages", "jobs", "steps"].filter((key) => entryOf(root, key) !== undefined);
  if (parts.length === 1) return [];
  const message =
    parts.length === 0
      ? "A pipeline needs stages, jobs or steps."
      : `A pipeline has ${parts.join(" or ")}, not both.`;
  return [{ at: root.at, message }];
}

function checkTriggers(root: MapNode): readonly PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  if (entryOf(root, "trigger") === undefined) {
    const message = "Without trigger every push to every branch starts the pipeline.";
    const hint = "Write trigger: none, or the branches.";
    problems.push({ at: root.at, message, hint, isAdvice: true });
  }
  return problems;
}

function checkResources(root: MapNode): readonly PipelineProblem[] {
  const resources = entryOf(root, "resources");
  if (resources === undefined) return [];
  // The old form is a list of repositories.
  if (resources.kind === "list") {
    return resources.items.flatMap((item) => checkKeys(item, oldRepositoryKeys, "A repository resource"));
  }
  const found = checkKeys(resources, resourceKeys, "'resources'");
  return [
    ...found,
    ...without(resources, ["pipelines", "pipeline"], "A pipeline resource needs its name, pipeline."),
    ...without(resources, ["pipelines", "source"], "A pipeline resource needs its source."),
    ...without(
      resources,
      ["repositories", "repository"],
      "A repository resource needs its name, repository.",
    ),
    ...itemsOf(entryOf(resources, "repositories")).flatMap(checkRef),
    ...without(resources, ["containers", "container"], "A container resource needs its name, container."),
  ];
}

function checkRef(repository: YamlNode): readonly PipelineProblem[] {
  const ref = entryOf(repository, "ref");
  if (ref?.kind !== "scalar" || !ref.text.includes("$[")) return [];
  const message = "'ref' must be known when the pipeline is read, and a runtime expression is not.";
  return [{ at: ref.at, message }];
}

function without(
  resources: YamlNode,
  [section, key]: readonly [string, string],
  message: string,
): readonly PipelineProblem[] {
  return itemsOf(entryOf(resources, section))
    .filter((item) => (textOf(item, key) ?? "") === "")
    .map(({ at }) => ({ at, message }));
}

function checkVariableItems(node: MapNode): readonly PipelineProblem[] {
  return itemsOf(entryOf(node, "variables")).flatMap((item) => {
    const [plain = {}, group = {}] = variableKeys;
    const isGroup = entryOf(item, "group") !== undefined;
    const found = checkKeys(item, isGroup ? group : plain, "A variable");
    const isNameless = item.kind === "map" && !isGroup && (textOf(item, "name") ?? "") === "";
    return isNameless ? [...found, { at: item.at, message: "A variable needs its name." }] : found;
  });
}

function checkStage(stage: StageModel, root: MapNode): readonly PipelineProblem[] {
  const own =
    stage.node === root
      ? []
      : [...checkKeys(stage.node, stageKeys, "A stage"), ...checkVariableItems(stage.node)];
  const jobs = stage.jobs.filter(({ node }) => node !== root);
  return [...own, ...jobs.flatMap(({ node, isDeployment }) => checkJob(node, isDeployment))];
}

function checkJob(node: MapNode, isDeployment: boolean): readonly PipelineProblem[] {
  const what = isDeployment ? "A deployment" : "A job";
  const isNeither: YamlNode | undefined = entryOf(node, "job") ?? entryOf(node, "deployment");
  const unnamed =
    isNeither === undefined ? [{ at: node.at, message: "A job begins with job or deployment." }] : [];
  return [
    ...unnamed,
    ...checkKeys(node, isDeployment ? deploymentKeys : jobKeys, what),
    ...checkVariableItems(node),
  ];
}
