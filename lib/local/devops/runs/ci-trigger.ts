import { entryOf, type YamlNode } from "../../../pipelines/yaml-node.ts";
import { isObject, listIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { isOn, passesName, passesPaths, readFilter, type Filter } from "./filter.ts";

/** When a push runs a pipeline. */
export interface CiTrigger {
  /** While a run goes on, pushes wait, and one run takes them all. */
  readonly isBatched: boolean;
  readonly branches: Filter | undefined;
  readonly paths: Filter | undefined;
  readonly tags: Filter | undefined;
}

/** A branch or tag that was pushed. */
export interface Push {
  /** Full ref. */
  readonly ref: string;
  readonly paths: readonly string[];
}

const everything: Filter = { include: [], exclude: [] };

/** The trigger of a YAML file; without one every branch triggers, as in the service, and `none` is undefined. */
export function readCiTrigger(root: YamlNode): CiTrigger | undefined {
  const node = entryOf(root, "trigger");
  const common = { isBatched: false, paths: undefined, tags: undefined };
  if (node === undefined) return { ...common, branches: everything };
  if (node.kind === "scalar" && node.text.toLowerCase() === "none") return undefined;
  if (node.kind !== "map") return { ...common, branches: readFilter(node) };
  const tags = readFilter(entryOf(node, "tags"));
  const branches = readFilter(entryOf(node, "branches"));
  return {
    isBatched: isOn(node, "batch"),
    branches: branches ?? (tags === undefined ? everything : undefined),
    paths: readFilter(entryOf(node, "paths")),
    tags,
  };
}

/** The trigger that a definition itself has; `yaml` where it leaves that to the file. */
export function readDefinitionTrigger(content: JsonObject): CiTrigger | "yaml" | undefined {
  const triggers = listIn(content, "triggers").filter(isObject);
  if (triggers.length === 0) return "yaml";
  const own = triggers.find(({ triggerType }) => triggerType === "continuousIntegration");
  if (own === undefined) return undefined;
  if (valueIn(own, "settingsSourceType") === 2) return "yaml";
  return {
    isBatched: own["batchChanges"] === true,
    branches: signedFilter(own, "branchFilters"),
    paths: listIn(own, "pathFilters").length === 0 ? undefined : signedFilter(own, "pathFilters"),
    tags: undefined,
  };
}

/** Whether a push runs the pipeline. */
export function isTriggered({ branches, paths, tags }: CiTrigger, push: Push): boolean {
  if (push.ref.startsWith("refs/tags/")) return tags !== undefined && passesName(tags, push.ref);
  if (branches === undefined || !passesName(branches, push.ref)) return false;
  return paths === undefined || passesPaths(paths, push.paths);
}

/** What people write into a message so that nothing runs. */
const skips =
  /\[skip ci\]|\[ci skip\]|skip-checks:\s*true|\[skip azurepipelines\]|\[azurepipelines skip\]|\[skip azpipelines\]|\[azpipelines skip\]|\[skip azp\]|\[azp skip\]|\*\*\*NO_CI\*\*\*/i;

/** Whether the messages of a push ask for no run. */
export function asksForNoRun(messages: readonly string[]): boolean {
  return messages.some((message) => skips.test(message));
}

/** `+main` and `-old` of the older form. */
function signedFilter(content: JsonObject, name: string): Filter {
  const all = listIn(content, name).filter((entry) => typeof entry === "string");
  const of = (sign: string): readonly string[] =>
    all.filter((entry) => entry.startsWith(sign)).map((entry) => entry.slice(1));
  const plain = all.filter((entry) => !/^[+-]/.test(entry));
  return { include: [...of("+"), ...plain], exclude: of("-") };
}

/** The file of a pipeline, from the root. */
export function yamlFileOf(content: JsonObject): string {
  return (textIn(content, "process", "yamlFilename") ?? "azure-pipelines.yml").replace(/^\/+/, "");
}
