import type { PipelineModel, StageModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, itemsOf, textOf, type MapNode, type YamlNode } from "../yaml-node.ts";
import { checkKeys } from "./check-shape.ts";
import { deploymentKeys, jobKeys, pipelineKeys, resourceKeys, stageKeys, variableKeys } from "./shapes.ts";

const cronField = /^(?:\*|\d+|[A-Za-z]{3})(?:-(?:\d+|[A-Za-z]{3}))?(?:\/\d+)?$/;

/** The keys of the pipeline, its stages, jobs, variables, resources and schedules. */
export function checkStructure(pipeline: PipelineModel): readonly PipelineProblem[] {
  const { root } = pipeline;
  return [
    ...checkKeys(root, pipelineKeys, "A pipeline"),
    ...checkParts(root),
    ...checkTriggers(root),
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
    problems.push({ at: root.at, message, hint: "Write trigger: none, or the branches." });
  }
  for (const schedule of itemsOf(entryOf(root, "schedules"))) {
    const cron = textOf(schedule, "cron") ?? "";
    const fields = cron.trim().split(/\s+/);
    if (
      fields.length !== 5 ||
      !fields.every((field) => field.split(",").every((part) => cronField.test(part)))
    ) {
      const at = entryOf(schedule, "cron")?.at ?? schedule.at;
      problems.push({
        at,
        message: `'${cron}' is no schedule of five fields: minute, hour, day, month, day of the week.`,
      });
    }
    if (entryOf(schedule, "branches") === undefined) {
      problems.push({ at: schedule.at, message: "A schedule needs the branches that it runs for." });
    }
  }
  return problems;
}

function checkResources(root: MapNode): readonly PipelineProblem[] {
  const resources = entryOf(root, "resources");
  if (resources === undefined) return [];
  const found = checkKeys(resources, resourceKeys, "'resources'");
  const sources = itemsOf(entryOf(resources, "pipelines")).filter(
    (item) => textOf(item, "source") === undefined,
  );
  return [...found, ...sources.map(({ at }) => ({ at, message: "A pipeline resource needs its source." }))];
}

function checkVariableItems(node: MapNode): readonly PipelineProblem[] {
  return itemsOf(entryOf(node, "variables")).flatMap((item) => {
    const [plain = {}, group = {}] = variableKeys;
    return checkKeys(item, entryOf(item, "group") === undefined ? plain : group, "A variable");
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
