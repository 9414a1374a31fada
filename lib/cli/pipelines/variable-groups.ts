import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Answers } from "../../answers/answers.ts";
import { variableGroupsInvalid, variableGroupsTracked } from "../../errors/catalogue/pipelines.ts";
import { runGit } from "../../git/run-git.ts";
import type { RunVariable } from "../../pipelines/run/run-types.ts";
import { environmentResources } from "../../provision/derive-environments.ts";

export type Groups = Readonly<Record<string, Readonly<Record<string, RunVariable>>>>;

/** The file in which a person keeps the values of variable groups for runs on this machine. */
export const variableGroupsFile = "variable_groups.local.yml";

export interface GroupSources {
  readonly folder: string;
  readonly answers: Answers | undefined;
  /** What the local organisation gives to every group; empty where it does not run. */
  readonly local: Readonly<Record<string, RunVariable>>;
  readonly environ: Readonly<Record<string, string | undefined>>;
}

/** The variable groups of a run: what provisioning writes into them, what the local organisation knows, and over both the person's own file. */
export async function readVariableGroups(sources: GroupSources): Promise<Groups> {
  const provisioned = sources.answers === undefined ? {} : provisionedGroups(sources.answers);
  const own = await readOwnGroups(sources);
  const local = { ...sources.local, ...localTargets(sources) };
  const names = new Set([...Object.keys(provisioned), ...Object.keys(own)]);
  return Object.fromEntries(
    [...names].map((name) => [name, { ...provisioned[name], ...local, ...own[name] }]),
  );
}

/** Where there are servers on this machine instead of a cloud, a REST service is tried out here too. */
function localTargets({ answers, local }: GroupSources): Readonly<Record<string, RunVariable>> {
  if (answers === undefined || Object.keys(local).length === 0) return {};
  return Object.fromEntries(
    answers.environments.map(({ name }) =>
      openVariable([`DEPLOY_TARGET_${name.toUpperCase().replaceAll("-", "_")}`, "local"]),
    ),
  );
}

function provisionedGroups(answers: Answers): Groups {
  return Object.fromEntries(
    environmentResources(answers).flatMap((resource) =>
      resource.kind === "variable-group"
        ? [[resource.name, Object.fromEntries(Object.entries(resource.variables).map(openVariable))] as const]
        : [],
    ),
  );
}

function openVariable([name, value]: readonly [string, string]): readonly [string, RunVariable] {
  return [name, { value, isSecret: false }];
}

async function readOwnGroups({ folder, environ }: GroupSources): Promise<Groups> {
  const path = join(folder, variableGroupsFile);
  if (!existsSync(path)) return {};
  if ((await runGit(folder, ["ls-files", "--", variableGroupsFile])).trim() !== "") {
    throw variableGroupsTracked(variableGroupsFile);
  }
  const content = await parseFile(path);
  return Object.fromEntries(
    entries(content, "it must be a mapping of variable groups").map(([group, variables]) => [
      group,
      Object.fromEntries(
        entries(variables, `the group ${group} must be a mapping of variables`).map(([name, value]) => [
          name,
          readVariable(`${group}.${name}`, value, environ[name]),
        ]),
      ),
    ]),
  );
}

async function parseFile(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, "utf8"));
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    // The text of the file, which YAML quotes below its first line, may hold secrets.
    throw variableGroupsInvalid(variableGroupsFile, why.replace(/[:.]\s*$/, ""));
  }
}

function readVariable(path: string, value: unknown, ofEnvironment: string | undefined): RunVariable {
  const open = value === null ? "" : scalarText(value);
  if (open !== undefined) return { value: open, isSecret: false };
  const wrong = `${path} must be a text or {secret: …}`;
  const [[key, secret] = [], ...others] = entries(value, wrong);
  if (key !== "secret" || others.length > 0) throw variableGroupsInvalid(variableGroupsFile, wrong);
  const text = secret === null ? ofEnvironment : scalarText(secret);
  if (text !== undefined) return { value: text, isSecret: true };
  const missing = `${path} has no value, and no environment variable has its name`;
  throw variableGroupsInvalid(variableGroupsFile, secret === null ? missing : wrong);
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function entries(content: unknown, otherwise: string): readonly (readonly [string, unknown])[] {
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw variableGroupsInvalid(variableGroupsFile, otherwise);
  }
  return Object.entries(content);
}
