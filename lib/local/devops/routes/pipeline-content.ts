import { isObject, listIn, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import { normalizeFolderPath, type PipelineRecord } from "./pipeline-record.ts";
import { defaultQueue, findQueue } from "./queue.ts";
import { findRepository } from "./repository-record.ts";

const yamlProcess = 2;
const shortBranch = /^(?!refs\/)/;

export type PipelineContent = Pick<PipelineRecord, "name" | "folderPath" | "content">;

/** A definition as the service keeps it; `old` gives the values of secrets that come back without one. */
export function parsePipeline(
  organization: Organization,
  content: JsonObject,
  old: JsonObject | undefined,
): PipelineContent {
  const type = valueIn(content, "process", "type");
  if (type !== yamlProcess)
    throw refusal(`The process type ${String(type)} is not supported: only YAML pipelines are.`);
  return {
    name: requireText(content, "name"),
    folderPath: normalizeFolderPath(textIn(content, "path") ?? "\\"),
    content: {
      ...content,
      queue: parseQueue(content),
      repository: parseRepository(organization, content),
      triggers: listIn(content, "triggers").filter(isObject).map(normalizeTrigger),
      variables: parseVariables(content, old),
    },
  };
}

function parseQueue(content: JsonObject): JsonObject {
  const id = valueIn(content, "queue", "id");
  const wanted = typeof id === "number" ? String(id) : (textIn(content, "queue", "name") ?? defaultQueue);
  const queue = findQueue(wanted);
  if (queue === undefined) throw refusal(`The agent queue ${wanted} does not exist.`);
  return { id: queue.id };
}

function parseRepository(organization: Organization, content: JsonObject): JsonObject {
  const given = valueIn(content, "repository");
  if (!isObject(given)) throw refusal("The build definition has no repository.");
  const type = textIn(given, "type") ?? "TfsGit";
  if (type.toLowerCase() !== "tfsgit") throw refusal(`The repository type ${type} is not supported here.`);
  const idOrName = textIn(given, "id") ?? requireText(content, "repository", "name");
  const { id, name, defaultBranch } = findRepository(organization, { project: undefined, idOrName });
  const branch = textIn(given, "defaultBranch")?.replace(shortBranch, "refs/heads/") ?? defaultBranch;
  const properties = valueIn(given, "properties");
  return {
    properties: isObject(properties) ? properties : {},
    id,
    type: "TfsGit",
    name,
    ...(branch === undefined ? {} : { defaultBranch: branch }),
    clean: valueIn(given, "clean") ?? null,
    checkoutSubmodules: valueIn(given, "checkoutSubmodules") === true,
  };
}

/** `settingsSourceType: 2` says that the triggers stand in the YAML file; the service fills in the rest. */
function normalizeTrigger(trigger: JsonObject): JsonObject {
  const isContinuousIntegration =
    trigger["triggerType"] === 2 || trigger["triggerType"] === "continuousIntegration";
  if (!isContinuousIntegration) return trigger;
  return {
    branchFilters: [],
    pathFilters: [],
    settingsSourceType: 1,
    batchChanges: false,
    maxConcurrentBuildsPerBranch: 1,
    ...trigger,
    triggerType: "continuousIntegration",
  };
}

/** A secret that comes without a value keeps the one it has. */
function parseVariables(content: JsonObject, old: JsonObject | undefined): JsonObject {
  const given = valueIn(content, "variables");
  const entries = Object.entries(isObject(given) ? given : {}).map(([name, variable]) => {
    if (!isObject(variable)) throw refusal(`The variable ${name} has no value.`);
    const kept = valueIn(old, "variables", name, "value");
    const keeps = variable["isSecret"] === true && typeof variable["value"] !== "string";
    return [name, keeps ? { ...variable, value: kept ?? null } : variable];
  });
  return Object.fromEntries(entries);
}

function refusal(reason: string): ServiceError {
  return new ServiceError(400, "InvalidDefinitionException", reason);
}
