import { basename, resolve } from "node:path";
import { authorizationHeader } from "../../devops/authorization-header.ts";
import { connect, type Credential, type DevOpsHttp } from "../../devops/http.ts";
import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { platformNotCloned } from "../../errors/catalogue/platform.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import type { PlatformFolder, PlatformPlan } from "../../platform/platform-folder.ts";
import { planPlatform } from "../../platform/plan-platform.ts";
import { publishPlatform, readPlatformRemote, type PlatformRemote } from "../../platform/publish-platform.ts";
import { readPlatformFolder } from "../../platform/read-platform-folder.ts";
import { writePlatform } from "../../platform/write-platform.ts";
import { platformTree } from "../../template/platform-tree.ts";
import { readTemplates } from "../../template/read-templates.ts";
import { optionValue, type CommandInput, type CommandOutcome, type RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findOrganization } from "../find-organization.ts";
import { requireConfirmation } from "../require-confirmation.ts";
import { showPlatformPlan, showPlatformSteps } from "../show-platform.ts";

const defaultFolder = "eac-model-platform";
const localProject = "AnalyticsOps";

interface Prepared {
  readonly plan: PlatformPlan;
  readonly present: PlatformFolder;
  /** Undefined where no organisation is named: then the repository stays on this machine. */
  readonly online: Online | undefined;
}

interface Online {
  readonly http: DevOpsHttp;
  readonly credential: Credential;
  readonly remote: PlatformRemote;
}

/** Makes the platform's repository of templates, or brings it a new version; and pushes it where an organisation is named. */
export const runPlatform: RunCommand = async (input, context) => {
  const where = readFolder(input);
  const prepared = await prepare(input, context, resolve(context.cwd, where));
  const { plan, online } = prepared;
  showPlatformPlan(context.reporter, plan, online?.remote);
  if (input.flags.has("dry-run")) return outcomeOf(prepared, false);
  if (changesOrganization(prepared)) await requireConfirmation(input, context, "Pushing templates");
  const isChanged = await apply(prepared, context);
  showPlatformSteps(context.reporter, plan, online?.remote);
  return outcomeOf(prepared, isChanged);
};

function readFolder({ positionals }: CommandInput): string {
  const [action = "", where = defaultFolder] = positionals;
  if (action === "templates") return where;
  const given = action === "" ? "an action is missing" : `${JSON.stringify(action)} is not an action`;
  throw wrongUsage(`eac-model platform: ${given}.`, "Use eac-model platform templates.");
}

function changesOrganization({ plan, online }: Prepared): boolean {
  if (online === undefined) return false;
  return plan.action !== "keep" || online.remote.repository?.tagged === undefined;
}

async function prepare(input: CommandInput, context: Context, folder: string): Promise<Prepared> {
  const templates = await readTemplates();
  const tree = platformTree(templates);
  const present = await readPlatformFolder(folder, tree);
  const plan = planPlatform({ folder, version: templates.version, tree, present });
  const online = await findRemote(input, context, plan);
  const repository = online?.remote.repository;
  if (present.kind === "repository" || repository?.isEmpty !== false) return { plan, present, online };
  if (repository.tagged === undefined) throw platformNotCloned(folder, repository.webUrl);
  return { plan: { ...plan, action: "keep", files: [] }, present, online };
}

async function findRemote(
  input: CommandInput,
  context: Context,
  { folder, tag }: PlatformPlan,
): Promise<Online | undefined> {
  const url = optionValue(input, "org") ?? "";
  const isLocal = input.flags.has("local");
  if (url === "" && !isLocal) return undefined;
  const project = optionValue(input, "project") ?? (isLocal ? localProject : "");
  if (project === "")
    throw wrongUsage("eac-model platform: --org needs --project.", "See eac-model platform --help");
  const { organizationUrl, credential } = await findOrganization(input, context, url);
  const http = connect(organizationUrl, credential);
  const remote = await readPlatformRemote(http, { project, name: basename(folder), tag });
  return { http, credential, remote };
}

/** True where anything was written or pushed. */
async function apply({ plan, present, online }: Prepared, { stop }: Context): Promise<boolean> {
  const hasGitFolder = present.kind === "free" && present.hasGitFolder;
  await writePlatform(plan, { signal: stop.signal, hasGitFolder });
  const isWritten = plan.action !== "keep";
  const isHere = present.kind === "repository" || isWritten;
  if (online === undefined || !isHere) return isWritten;
  const authorize = (url: string): Promise<string> => authorizationHeader(online.credential, url);
  const isPushed = await publishPlatform({ ...online, plan, authorize });
  return isWritten || isPushed;
}

function outcomeOf({ plan, online }: Prepared, isChanged: boolean): CommandOutcome {
  const { action, folder, branch, tag, files, removed } = plan;
  const repository =
    online === undefined ? undefined : { project: online.remote.project.name, name: online.remote.name };
  const paths = files.map(({ path }) => path);
  return {
    exitCode: exitCodes.done,
    value: { action, folder, branch, tag, files: paths, removed, repository, isChanged },
  };
}
