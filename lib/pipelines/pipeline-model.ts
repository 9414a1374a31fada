import type { Position } from "./problem.ts";
import { entriesOf, entryOf, itemsOf, textOf, type MapNode, type YamlNode } from "./yaml-node.ts";

/** A text with its place. */
export interface PlacedText {
  readonly text: string;
  /** Whether the text begins on the line after its place, behind `|` or `>`. */
  readonly isBlock?: true;
  readonly at: Position;
}

export interface VariableModel {
  readonly name: string;
  readonly value: PlacedText;
  readonly isReadonly: boolean;
  readonly at: Position;
}

/** The variables of a pipeline, a stage or a job, and the groups that it names. */
export interface VariablesModel {
  readonly variables: readonly VariableModel[];
  readonly groups: readonly PlacedText[];
}

/** One step; `kind` is the key that says what it is, such as `bash` or `task`. */
export interface StepModel {
  readonly kind: string;
  /** The value of that key: the script, the task's name, the repository to check out. */
  readonly main: PlacedText;
  readonly name: PlacedText | undefined;
  readonly displayName: string | undefined;
  readonly condition: PlacedText | undefined;
  readonly inputs: readonly (readonly [name: string, value: PlacedText])[];
  readonly env: readonly (readonly [name: string, value: PlacedText])[];
  readonly node: MapNode;
  readonly at: Position;
}

export type HookName =
  | "preDeploy"
  | "deploy"
  | "routeTraffic"
  | "postRouteTraffic"
  | "on.failure"
  | "on.success"
  | "steps";

/** The steps of a job, or of one hook of a deployment. */
export interface HookModel {
  readonly name: HookName;
  readonly steps: readonly StepModel[];
}

export interface JobModel extends VariablesModel {
  readonly isDeployment: boolean;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly dependsOn: readonly PlacedText[];
  readonly condition: PlacedText | undefined;
  /** The name of the environment that a deployment goes to. */
  readonly environment: PlacedText | undefined;
  readonly strategy: "runOnce" | "rolling" | "canary" | undefined;
  readonly hooks: readonly HookModel[];
  readonly node: MapNode;
  readonly at: Position;
}

export interface StageModel extends VariablesModel {
  readonly name: string;
  readonly displayName: string | undefined;
  /** What it waits for; undefined is the stage before it. */
  readonly dependsOn: readonly PlacedText[] | undefined;
  readonly condition: PlacedText | undefined;
  readonly jobs: readonly JobModel[];
  readonly node: MapNode;
  readonly at: Position;
}

/** An expanded pipeline with its implicit stage and job made explicit. */
export interface PipelineModel extends VariablesModel {
  readonly stages: readonly StageModel[];
  readonly root: MapNode;
}

const stepKinds = [
  "task",
  "bash",
  "script",
  "pwsh",
  "powershell",
  "checkout",
  "download",
  "publish",
  "downloadBuild",
  "getPackage",
  "restoreCache",
  "saveCache",
  "reviewApp",
];

/** Names that the service gives to a stage and a job that nobody wrote. */
export const implicitStage = "__default";
export const implicitJob = "Job";

/** The stages, jobs and steps of an expanded pipeline; what has no name is numbered as in the service. */
export function readPipelineModel(root: MapNode): PipelineModel {
  const stages = entryOf(root, "stages");
  const read = stages === undefined ? [implicitStageOf(root)] : itemsOf(stages).map(readStage);
  return { ...readVariables(entryOf(root, "variables")), stages: read, root };
}

function implicitStageOf(root: MapNode): StageModel {
  const jobs = entryOf(root, "jobs");
  const read = jobs === undefined ? [implicitJobOf(root)] : itemsOf(jobs).map(readJob);
  const none = { variables: [], groups: [] };
  const common = { displayName: undefined, dependsOn: [], condition: undefined };
  return { name: implicitStage, ...common, ...none, jobs: read, node: root, at: root.at };
}

function implicitJobOf(root: MapNode): JobModel {
  return {
    isDeployment: false,
    name: implicitJob,
    displayName: undefined,
    dependsOn: [],
    condition: undefined,
    environment: undefined,
    strategy: undefined,
    variables: [],
    groups: [],
    hooks: [{ name: "steps", steps: readSteps(entryOf(root, "steps")) }],
    node: root,
    at: root.at,
  };
}

function readStage(node: YamlNode, index: number): StageModel {
  const map = asMap(node);
  const dependsOn = entryOf(map, "dependsOn");
  return {
    name: textOf(map, "stage") || `Stage${index + 1}`,
    displayName: textOf(map, "displayName"),
    dependsOn: dependsOn === undefined ? undefined : placedTexts(dependsOn),
    condition: placed(entryOf(map, "condition")),
    ...readVariables(entryOf(map, "variables")),
    jobs: itemsOf(entryOf(map, "jobs")).map(readJob),
    node: map,
    at: entryOf(map, "stage")?.at ?? map.at,
  };
}

function readJob(node: YamlNode, index: number): JobModel {
  const map = asMap(node);
  const isDeployment = entryOf(map, "deployment") !== undefined;
  const named = entryOf(map, isDeployment ? "deployment" : "job");
  const dependsOn = entryOf(map, "dependsOn");
  const environment = entryOf(map, "environment");
  const { strategy, hooks } = readHooks(map, isDeployment);
  return {
    isDeployment,
    name: named?.kind === "scalar" && named.text !== "" ? named.text : `Job${index + 1}`,
    displayName: textOf(map, "displayName"),
    dependsOn: dependsOn === undefined ? [] : placedTexts(dependsOn),
    condition: placed(entryOf(map, "condition")),
    environment: placed(environment?.kind === "map" ? entryOf(environment, "name") : environment),
    strategy,
    ...readVariables(entryOf(map, "variables")),
    hooks,
    node: map,
    at: named?.at ?? map.at,
  };
}

function readHooks(map: MapNode, isDeployment: boolean): Pick<JobModel, "strategy" | "hooks"> {
  if (!isDeployment) {
    return { strategy: undefined, hooks: [{ name: "steps", steps: readSteps(entryOf(map, "steps")) }] };
  }
  const found = (["runOnce", "rolling", "canary"] as const).find(
    (name) => entryOf(entryOf(map, "strategy"), name) !== undefined,
  );
  const body = found === undefined ? undefined : entryOf(entryOf(map, "strategy"), found);
  const on = entryOf(body, "on");
  const named = (["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"] as const).map(
    (name) => [name, entryOf(body, name)] as const,
  );
  const after = (["success", "failure"] as const).map((name) => [`on.${name}`, entryOf(on, name)] as const);
  const hooks = [...named, ...after]
    .filter(([, hook]) => hook !== undefined)
    .map(([name, hook]) => ({ name, steps: readSteps(entryOf(hook, "steps")) }));
  return { strategy: found, hooks };
}

function readSteps(node: YamlNode | undefined): readonly StepModel[] {
  return itemsOf(node).map(readStep);
}

function readStep(node: YamlNode): StepModel {
  const map = asMap(node);
  const kind = stepKinds.find((key) => entryOf(map, key) !== undefined) ?? map.entries[0]?.key.text ?? "";
  return {
    kind,
    main: placed(entryOf(map, kind)) ?? { text: "", at: map.at },
    name: placed(entryOf(map, "name")),
    displayName: textOf(map, "displayName"),
    condition: placed(entryOf(map, "condition")),
    inputs: pairs(entryOf(map, "inputs")),
    env: pairs(entryOf(map, "env")),
    node: map,
    at: map.at,
  };
}

/** Every step of a job, in all its hooks. */
export function stepsOf(job: JobModel): readonly StepModel[] {
  return job.hooks.flatMap(({ steps }) => steps);
}

function readVariables(node: YamlNode | undefined): VariablesModel {
  const items = itemsOf(node);
  const variables = items.flatMap((item) => {
    const name = textOf(item, "name");
    const value = placed(entryOf(item, "value")) ?? { text: "", at: item.at };
    const isReadonly = textOf(item, "readonly")?.toLowerCase() === "true";
    return name === undefined ? [] : [{ name, value, isReadonly, at: entryOf(item, "name")?.at ?? item.at }];
  });
  const groups = items.flatMap((item) => placed(entryOf(item, "group")) ?? []);
  return { variables, groups };
}

function pairs(node: YamlNode | undefined): readonly (readonly [string, PlacedText])[] {
  return entriesOf(node).map(
    ({ key, value }) => [key.text, placed(value) ?? { text: "", at: value.at }] as const,
  );
}

function placed(node: YamlNode | undefined): PlacedText | undefined {
  if (node?.kind !== "scalar") return undefined;
  return { text: node.text, at: node.at, ...(node.isBlock === true ? { isBlock: true } : {}) };
}

function placedTexts(node: YamlNode): readonly PlacedText[] {
  if (node.kind === "list") return node.items.flatMap((item) => placed(item) ?? []);
  const found = placed(node);
  return found === undefined || found.text === "" ? [] : [found];
}

function asMap(node: YamlNode): MapNode {
  return node.kind === "map" ? node : { kind: "map", entries: [], at: node.at };
}
