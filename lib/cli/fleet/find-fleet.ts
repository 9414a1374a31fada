import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { connect } from "../../devops/http.ts";
import { fleetEmpty, fleetFileNotReadable, fleetMissing } from "../../errors/catalogue/fleet.ts";
import { isErrno } from "../../errors/is-errno.ts";
import {
  findListedRepositories,
  findProjectRepositories,
  parseRepositoryList,
  type FleetOrganization,
} from "../../fleet/find-repositories.ts";
import type { FleetRepository } from "../../fleet/update-repository.ts";
import { optionValue, type CommandInput } from "../command.ts";
import type { Context } from "../context.ts";
import { findOrganization } from "../find-organization.ts";

const defaultProject = "AnalyticsOps";

/** The repositories that a command is about, and what they are called together. */
export interface Fleet {
  readonly fleet: string;
  readonly repositories: readonly FleetRepository[];
}

/** Repositories that are named are the fleet; where none is, it is the project. */
export async function findFleet(
  input: CommandInput,
  context: Context,
  positionals: readonly string[],
): Promise<Fleet> {
  const listFile = optionValue(input, "repositories");
  const organization = await findFleetOrganization(input, context);
  if (listFile === undefined && positionals.length === 0)
    return await findProject(input, context, organization);
  const named = await findListedRepositories({ entries: positionals, folder: context.cwd }, organization);
  if (listFile === undefined) return { fleet: "the named repositories", repositories: named };
  const path = resolve(context.cwd, listFile);
  const entries = parseRepositoryList(await readList(path)).filter((entry) => !positionals.includes(entry));
  const listed = await findListedRepositories({ entries, folder: dirname(path) }, organization);
  const repositories = [...named, ...listed];
  if (repositories.length === 0) throw fleetMissing();
  return { fleet: path, repositories };
}

async function findProject(
  input: CommandInput,
  context: Context,
  organization: FleetOrganization | undefined,
): Promise<Fleet> {
  if (organization === undefined) throw fleetMissing();
  const project = optionValue(input, "project") ?? defaultProject;
  const fleet = `${organization.http.organizationUrl}/${encodeURIComponent(project)}`;
  const { signal } = context.stop;
  const repositories = await findProjectRepositories(organization, { project, signal });
  if (repositories.length === 0) throw fleetEmpty(fleet);
  return { fleet, repositories };
}

async function findFleetOrganization(
  input: CommandInput,
  context: Context,
): Promise<FleetOrganization | undefined> {
  const url = optionValue(input, "org");
  if (url === undefined && !input.flags.has("local")) return undefined;
  const { organizationUrl, credential } = await findOrganization(input, context, url ?? "");
  return { http: connect(organizationUrl, credential), credential };
}

async function readList(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw isErrno(error) ? fleetFileNotReadable(path, error) : error;
  }
}
