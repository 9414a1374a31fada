import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { allRoutes } from "../../lib/local/devops/all-routes.ts";
import { fillTemplate, routeMatcher } from "../../lib/local/devops/match-route.ts";
import type { Method, Route } from "../../lib/local/devops/route.ts";
import { startLocalOrganization, type LocalOrganization } from "../../lib/local/start.ts";
import { answerProblems, hasApiDescriptions } from "../support/api-description.ts";
import { runGit } from "../../lib/git/run-git.ts";
import { isolateGit } from "../support/git-environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call } from "../support/organization-client.ts";

const describeWithDescriptions = hasApiDescriptions ? describe : describe.skip;
const project = "AnalyticsOps";
const gitNamespace = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;
type Ask = (method: Method, path: string, body?: unknown) => Promise<Json>;

/** The root of the areas is there only to refuse: nobody can delete it. */
const refusing = [
  "DELETE {project}/_apis/wit/classificationNodes/{structureGroup}/{*path} (project, structureGroup)",
];

/** What no published description has, though the service answers it: recordings or clients are the witnesses. */
const undescribed = [
  "GET {project}/_apis/git/repositories/{repositoryId}/refs/{*filter} (project, repositoryId, filter)",
  "GET {project}/_apis/git/repositories/{repositoryId}/items/{*path} (project, repositoryId, path)",
  "PUT {project}/_apis/build/folders/{*path} (project, path)",
  "POST {project}/_apis/build/folders/{*path} (project, path)",
  "DELETE {project}/_apis/build/folders/{*path} (project, path)",
  "PUT _apis/Identities/{containerId}/members/{memberId} (containerId, memberId)",
  "DELETE _apis/Identities/{containerId}/members/{memberId} (containerId, memberId)",
  "GET _apis/Identities/{identityId} (identityId)",
  "GET _apis/ConnectionData ()",
  "GET _apis/ResourceAreas/{areaId} ()",
  "GET _apis/ResourceAreas/{areaId} (areaId)",
];

/** Asks, fails where an answer contradicts its description, and notes which routes answered. */
function listener(local: LocalOrganization) {
  const match = routeMatcher(allRoutes);
  const heard = new Map<Route, string>();
  const ask: Ask = async (method, path, body) => {
    const { status, body: answer } = await call(local, method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answers ${status}: ${JSON.stringify(answer)}`);
    note(method, path);
    return answer;
  };
  const note = (method: Method, path: string): void => {
    const segments = (path.split("?")[0] ?? "").split("/").map(decodeURIComponent);
    const found = match(method, segments);
    if (found !== undefined) heard.set(found.route, path);
  };
  /** Text, where the description knows no other answer. */
  const read = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${local.token.reveal()}`, accept: "text/plain" };
    const response = await fetch(`${local.url}/${path}`, { headers });
    expect(response.headers.get("content-type")).toContain("text/plain");
    note("GET", path);
    return await response.text();
  };
  return { ask, heard, read };
}

const pipelineFile = `trigger: none
jobs:
  - deployment: Roll
    environment: iris-runs
    strategy:
      runOnce:
        deploy:
          steps:
            - bash: |
                set -euo pipefail
                echo hello > "$(Agent.TempDirectory)/a.txt"
            - publish: $(Agent.TempDirectory)/a.txt
              artifact: greeting
`;

/** Commits a file and a pipeline on main and pushes them, with a branch that is ahead; answers the commit's id. */
async function pushCommit(local: LocalOrganization, repository: string): Promise<string> {
  await using folder = await temporaryFolder();
  const env = {
    GIT_AUTHOR_NAME: "Test Person",
    GIT_AUTHOR_EMAIL: "test.person@example.com",
    GIT_COMMITTER_NAME: "Test Person",
    GIT_COMMITTER_EMAIL: "test.person@example.com",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${local.token.reveal()}`,
  };
  await runGit(folder.path, ["init", "-q", "-b", "main"]);
  await writeFile(join(folder.path, "readme.md"), "# Iris\n");
  await writeFile(join(folder.path, "run.yml"), pipelineFile);
  await runGit(folder.path, ["add", "."]);
  await runGit(folder.path, ["commit", "-qm", "First"], { env });
  await runGit(folder.path, ["push", "-q", `${local.url}/${project}/_git/${repository}`, "main"], { env });
  const head = (await runGit(folder.path, ["rev-parse", "HEAD"])).trim();
  await writeFile(join(folder.path, "new.md"), "# New\n");
  await runGit(folder.path, ["add", "."]);
  await runGit(folder.path, ["commit", "-qm", "Second"], { env });
  for (const branch of ["one", "two"])
    await runGit(
      folder.path,
      ["push", "-q", `${local.url}/${project}/_git/${repository}`, `HEAD:refs/heads/${branch}`],
      { env },
    );
  return head;
}

async function askAboutRepositories(ask: Ask): Promise<string> {
  const repositories = `${project}/_apis/git/repositories`;
  const { id } = await ask("POST", repositories, { name: "iris" });
  const { project: reference } = await ask("GET", `${repositories}/iris`);
  const second = await ask("POST", "_apis/git/repositories", { name: "wine", project: reference });
  await ask("GET", repositories);
  await ask("GET", "_apis/git/repositories");
  await ask("GET", `_apis/git/repositories/${id}`);
  await ask("PATCH", `${repositories}/${second.id}`, { name: "wines" });
  await ask("PATCH", `_apis/git/repositories/${second.id}`, { name: "wine" });
  await ask("DELETE", `${repositories}/${second.id}`);
  await ask("GET", `${project}/_apis/git/recycleBin/repositories`);
  await ask("PATCH", `${project}/_apis/git/recycleBin/repositories/${second.id}`, { deleted: false });
  await ask("DELETE", `_apis/git/repositories/${second.id}`);
  await ask("DELETE", `${project}/_apis/git/recycleBin/repositories/${second.id}`);
  return id;
}

/** Needs a commit, which only git can bring; the last request takes the branch away again. */
async function askAboutGit(ask: Ask, id: string, commit: string): Promise<void> {
  for (const at of [`${project}/_apis/git/repositories/${id}`, `_apis/git/repositories/${id}`]) {
    await ask("GET", `${at}/refs`);
    await ask("GET", `${at}/commits`);
    await ask("GET", `${at}/commits/${commit}`);
    await ask("GET", `${at}/items?recursionLevel=Full`);
  }
  const at = `${project}/_apis/git/repositories/${id}`;
  await ask("GET", `${at}/refs/heads/main`);
  await ask("GET", `${at}/items/readme.md?includeContent=true&$format=json`);
  const name = "refs/heads/more";
  const nothing = "0".repeat(40);
  await ask("POST", `${at}/refs`, [{ name, oldObjectId: nothing, newObjectId: commit }]);
  await ask("POST", `_apis/git/repositories/${id}/refs`, [
    { name, oldObjectId: commit, newObjectId: nothing },
  ]);
}

/** Each of two pull requests is asked about in one of the two forms of its path. */
async function askAboutPullRequests(ask: Ask, repositoryId: string, reviewer: string): Promise<void> {
  for (const [at, branch] of [
    [`${project}/_apis/git/repositories/${repositoryId}`, "one"],
    [`_apis/git/repositories/${repositoryId}`, "two"],
  ] as const) {
    const opened = await ask("POST", `${at}/pullRequests`, {
      sourceRefName: `refs/heads/${branch}`,
      targetRefName: "refs/heads/main",
      title: branch,
      labels: [{ name: "new" }],
      workItemRefs: [{ id: "1" }],
    });
    const one = `${at}/pullRequests/${opened.pullRequestId}`;
    await ask("GET", `${at}/pullRequests`);
    await ask("GET", one);
    await ask("PATCH", one, { description: "More", autoCompleteSetBy: { id: reviewer }, isDraft: true });
    await ask("POST", `${one}/reviewers`, [{ id: reviewer }]);
    await ask("GET", `${one}/reviewers`);
    await ask("PUT", `${one}/reviewers/${reviewer}`, { vote: 10, isRequired: true });
    await ask("PATCH", `${one}/reviewers/${reviewer}`, { isFlagged: true });
    await ask("GET", `${one}/reviewers/${reviewer}`);
    await ask("DELETE", `${one}/reviewers/${reviewer}`);
    const thread = await ask("POST", `${one}/threads`, {
      comments: [{ content: "Why?", commentType: 1 }],
      status: "active",
    });
    await ask("GET", `${one}/threads`);
    await ask("PATCH", `${one}/threads/${thread.id}`, { status: "fixed" });
    await ask("GET", `${one}/threads/${thread.id}`);
    await ask("POST", `${one}/threads/${thread.id}/comments`, { content: "So.", parentCommentId: 1 });
    await ask("GET", `${one}/threads/${thread.id}/comments`);
    await ask("GET", `${one}/iterations`);
    await ask("GET", `${one}/iterations/1`);
    await ask("GET", `${one}/commits`);
    await ask("GET", `${one}/workitems`);
  }
  await ask("GET", `_apis/git/pullRequests/1`);
  await ask("GET", `${project}/_apis/git/pullRequests/1`);
  await ask("GET", `${project}/_apis/git/pullRequests`);
}

/** A build validation, which nobody asks for by hand, is there to be queued again. */
async function askAboutEvaluations(ask: Ask, repositoryId: string): Promise<void> {
  const pipeline = await ask("POST", `${project}/_apis/pipelines`, {
    name: "iris-checks",
    configuration: { type: "yaml", path: "run.yml", repository: { id: repositoryId, type: "azureReposGit" } },
  });
  await ask("POST", `${project}/_apis/policy/configurations`, {
    isEnabled: true,
    isBlocking: true,
    type: { id: "0609b952-1397-4640-95ec-e00a01b2c241" },
    settings: {
      buildDefinitionId: pipeline.id,
      manualQueueOnly: true,
      scope: [{ repositoryId, refName: "refs/heads/main", matchKind: "Exact" }],
    },
  });
  const { repository } = await ask("GET", "_apis/git/pullRequests/1");
  const artifact = encodeURIComponent(`vstfs:///CodeReview/CodeReviewId/${repository.project.id}/1`);
  const evaluations = `${project}/_apis/policy/evaluations`;
  const { value } = await ask("GET", `${evaluations}?artifactId=${artifact}`);
  await ask("GET", `${evaluations}/${value[0].evaluationId}`);
  await ask("PATCH", `${evaluations}/${value[0].evaluationId}`);
}

async function askAboutRuns(
  { ask, read }: ReturnType<typeof listener>,
  { repositoryId, approver }: { repositoryId: string; approver: string },
): Promise<void> {
  const pipeline = await ask("POST", `${project}/_apis/pipelines`, {
    name: "iris-run",
    configuration: { type: "yaml", path: "run.yml", repository: { id: repositoryId, type: "azureReposGit" } },
  });
  const environment = await ask("POST", `${project}/_apis/pipelines/environments`, { name: "iris-runs" });
  const resource = { type: "environment", id: String(environment.id) };
  await ask("POST", `${project}/_apis/pipelines/checks/configurations`, {
    type: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d" },
    settings: { approvers: [{ id: approver }] },
    resource,
  });
  await ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/environment/${environment.id}`, {
    allPipelines: { authorized: true },
  });
  const runs = `${project}/_apis/pipelines/${pipeline.id}/runs`;
  await ask("POST", `${project}/_apis/pipelines/${pipeline.id}/preview`, { previewRun: true });
  const run = await ask("POST", runs, { variables: { a: { value: "1" } } });
  const approvals = `${project}/_apis/pipelines/approvals`;
  const pending = await again(async () => (await ask("GET", `${approvals}?state=pending`)).value[0]);
  await ask("GET", `${approvals}/${pending.id}`);
  await ask("PATCH", approvals, [{ approvalId: pending.id, status: "approved", comment: "Go" }]);
  const build = `${project}/_apis/build/builds/${run.id}`;
  await again(async () => ((await ask("GET", build)).status === "completed" ? true : undefined));
  await ask("GET", runs);
  await ask("GET", `${runs}/${run.id}`);
  await ask("GET", `${runs}/${run.id}/logs`);
  await ask("GET", `${runs}/${run.id}/logs/1`);
  await ask("GET", `${runs}/${run.id}/artifacts?artifactName=greeting`);
  const { id: timeline } = await ask("GET", `${build}/timeline`);
  await ask("GET", `${build}/timeline/${timeline}`);
  await ask("GET", `${build}/logs`);
  await read(`${build}/logs/1`);
  await ask("GET", `${build}/artifacts`);
  await ask("POST", `${build}/tags`, ["good"]);
  await ask("PUT", `${build}/tags/better`);
  await ask("GET", `${build}/tags`);
  await ask("DELETE", `${build}/tags/better`);
  await askAboutBuilds(ask, pipeline.id);
}

async function askAboutBuilds(ask: Ask, definition: number): Promise<void> {
  const builds = `${project}/_apis/build/builds`;
  const queued = await ask("POST", builds, { definition: { id: definition } });
  await ask("GET", `${builds}?definitions=${definition}`);
  await ask("PATCH", `${builds}/${queued.id}`, { status: "cancelling" });
  await again(async () =>
    (await ask("GET", `${builds}/${queued.id}`)).status === "completed" ? true : undefined,
  );
  await ask("DELETE", `${builds}/${queued.id}`);
}

/** Asks until there is an answer. */
async function again<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error("Waited too long.");
}

async function askAboutPolicies(ask: Ask, repositoryId: string): Promise<void> {
  const configurations = `${project}/_apis/policy/configurations`;
  const body = {
    isEnabled: true,
    isBlocking: true,
    type: { id: "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd" },
    settings: {
      minimumApproverCount: 1,
      scope: [{ repositoryId, refName: "refs/heads/main", matchKind: "Exact" }],
    },
  };
  const { id } = await ask("POST", configurations, body);
  await ask("GET", configurations);
  await ask("GET", `${configurations}/${id}`);
  await ask("PUT", `${configurations}/${id}`, body);
  await ask("GET", `${project}/_apis/git/policy/configurations?repositoryId=${repositoryId}`);
  await ask("DELETE", `${configurations}/${id}`);
  await ask("GET", `${project}/_apis/policy/types`);
  await ask("GET", `${project}/_apis/policy/types/${body.type.id}`);
}

async function askAboutPipelines(ask: Ask, repositoryId: string): Promise<void> {
  const definitions = `${project}/_apis/build/definitions`;
  const created = await ask("POST", definitions, {
    name: "iris-ci",
    process: { type: 2, yamlFilename: "ci.yml" },
    repository: { id: repositoryId, type: "TfsGit", defaultBranch: "refs/heads/main" },
    variables: { a: { value: "1" }, b: { value: "2", isSecret: true } },
  });
  await ask("GET", definitions);
  await ask("GET", `${definitions}/${created.id}`);
  await ask("PUT", `${definitions}/${created.id}`, { ...created, name: "iris-ci-pipeline" });
  await ask("GET", `${definitions}/${created.id}/resources`);
  await ask("PATCH", `${definitions}/${created.id}/resources`, [
    { type: "queue", id: "1", name: "Default", authorized: true },
  ]);
  await ask("POST", `${project}/_apis/pipelines`, {
    name: "iris-pr",
    folder: "\\iris",
    configuration: { type: "yaml", path: "pr.yml", repository: { id: repositoryId, type: "azureReposGit" } },
  });
  await ask("GET", `${project}/_apis/pipelines`);
  await ask("GET", `${project}/_apis/pipelines/${created.id}`);
  const permissions = `${project}/_apis/pipelines/pipelinePermissions`;
  await ask("PATCH", `${permissions}/queue/1`, { pipelines: [{ id: created.id, authorized: true }] });
  await ask("PATCH", permissions, [
    { resource: { type: "queue", id: "1" }, allPipelines: { authorized: true } },
  ]);
  await ask("GET", `${permissions}/queue/1`);
  await ask("PATCH", `${project}/_apis/build/authorizedresources`, [
    { type: "queue", id: "1", name: "Default", authorized: true },
  ]);
  await ask("GET", `${project}/_apis/build/authorizedresources`);
  await ask("DELETE", `${definitions}/${created.id}`);
}

async function askAboutFolders(ask: Ask): Promise<void> {
  const folders = `${project}/_apis/build/folders`;
  await ask("PUT", `${folders}/a`, { description: "A" });
  await ask("PUT", `${folders}?path=%5Cb`, { description: "B" });
  await ask("GET", folders);
  await ask("GET", `${folders}/a`);
  await ask("POST", `${folders}/a`, { path: "\\c" });
  await ask("POST", `${folders}?path=%5Cb`, { path: "\\d" });
  await ask("DELETE", `${folders}/c`);
  await ask("DELETE", `${folders}?path=%5Cd`);
}

async function askAboutResources(ask: Ask): Promise<void> {
  const reference = await ask("GET", `_apis/projects/${project}`);
  for (const groups of [
    "_apis/distributedtask/variablegroups",
    `${project}/_apis/distributedtask/variablegroups`,
  ]) {
    const body = {
      name: "iris-qa",
      type: "Vsts",
      variables: { a: { value: "1" }, b: { value: "2", isSecret: true } },
      variableGroupProjectReferences: [
        { name: "iris-qa", projectReference: { id: reference.id, name: project } },
      ],
    };
    const { id } = await ask("POST", groups, body);
    await ask("PUT", `${groups}/${id}`, body);
    await ask("GET", `${project}/_apis/distributedtask/variablegroups`);
    await ask("GET", `${project}/_apis/distributedtask/variablegroups/${id}`);
    await ask("DELETE", `${groups}/${id}?projectIds=${reference.id}`);
  }
  for (const area of ["distributedtask", "pipelines"]) {
    const environments = `${project}/_apis/${area}/environments`;
    const { id } = await ask("POST", environments, { name: "iris-qa" });
    await ask("GET", environments);
    await ask("GET", `${environments}/${id}`);
    await ask("PATCH", `${environments}/${id}`, { description: "QA" });
    await ask("DELETE", `${environments}/${id}`);
  }
  await ask("GET", `${project}/_apis/distributedtask/queues`);
  await ask("GET", `${project}/_apis/distributedtask/queues/1`);
  await ask("GET", "_apis/distributedtask/pools");
  await ask("GET", "_apis/distributedtask/pools/2");
  await ask("GET", "_apis/distributedtask/pools/2/agents");
  await ask("GET", `${project}/_apis/serviceendpoint/endpoints`);
}

async function askAboutChecks(ask: Ask, approver: string): Promise<void> {
  const environment = await ask("POST", `${project}/_apis/distributedtask/environments`, {
    name: "iris-prod",
  });
  const checks = `${project}/_apis/pipelines/checks`;
  const resource = { type: "environment", id: String(environment.id), name: "iris-prod" };
  const body = {
    type: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" },
    settings: { approvers: [{ id: approver }], minRequiredApprovers: 1 },
    resource,
    timeout: 43_200,
  };
  const { id } = await ask("POST", `${checks}/configurations`, body);
  await ask("GET", `${checks}/configurations?resourceType=environment&resourceId=${environment.id}`);
  await ask("GET", `${checks}/configurations/${id}`);
  await ask("PATCH", `${checks}/configurations/${id}`, body);
  await ask("POST", `${checks}/queryconfigurations`, [resource]);
  await ask("DELETE", `${checks}/configurations/${id}`);
  const roles = "_apis/securityroles/scopes/distributedtask.environmentreferencerole";
  const at = `${roles}/roleassignments/resources/${environment.project.id}_${environment.id}`;
  await ask("GET", `${roles}/roledefinitions`);
  await ask("PUT", at, [{ userId: approver, roleName: "Administrator" }]);
  await ask("GET", at);
  await ask("PATCH", at, [approver]);
  await ask("PUT", at, [{ userId: approver, roleName: "User" }]);
  await ask("DELETE", `${at}/${approver}`);
}

async function askAboutTeams(ask: Ask): Promise<void> {
  const teams = `_apis/projects/${project}/teams`;
  const { id } = await ask("POST", teams, { name: "Iris" });
  await ask("GET", teams);
  await ask("GET", "_apis/teams");
  await ask("GET", `${teams}/${id}`);
  await ask("GET", `${teams}/${id}/members`);
  await ask("PATCH", `${teams}/${id}`, { description: "All about flowers." });
  const nodes = `${project}/_apis/wit/classificationNodes`;
  await ask("POST", `${nodes}/areas`, { name: "Data" });
  await ask("POST", `${nodes}/areas/Data`, { name: "Iris" });
  await ask("GET", nodes);
  await ask("GET", `${nodes}/areas?$depth=2`);
  await ask("GET", `${nodes}/areas/Data`);
  await ask("PATCH", `${nodes}/areas/Data`, { name: "Data science" });
  const values = `${project}/${id}/_apis/work/teamsettings/teamfieldvalues`;
  const value = `${project}\\Data science`;
  await ask("PATCH", values, { defaultValue: value, values: [{ value, includeChildren: true }] });
  await ask("GET", values);
  await ask("DELETE", `${teams}/${id}`);
  await ask("DELETE", `${nodes}/areas/Data science`);
}

/** Answers the id of a user. */
async function askAboutPeople(ask: Ask): Promise<string> {
  const user = await ask("POST", "_apis/graph/users", { principalName: "zoe@example.com" });
  const { id: projectId } = await ask("GET", `_apis/projects/${project}`);
  const scope = await ask("GET", `_apis/graph/descriptors/${projectId}`);
  const group = await ask("POST", `_apis/graph/groups?scopeDescriptor=${scope.value}`, {
    displayName: "Growers",
  });
  const key = await ask("GET", `_apis/graph/storagekeys/${user.descriptor}`);
  await ask("GET", "_apis/graph/users");
  await ask("GET", `_apis/graph/users/${user.descriptor}`);
  await ask("GET", "_apis/graph/groups");
  await ask("GET", `_apis/graph/groups/${group.descriptor}`);
  await ask("PATCH", `_apis/graph/groups/${group.descriptor}`, [
    { op: "replace", path: "/description", value: "They grow." },
  ]);
  await ask("POST", "_apis/graph/subjectlookup", { lookupKeys: [{ descriptor: user.descriptor }] });
  const membership = `_apis/graph/memberships/${user.descriptor}/${group.descriptor}`;
  await ask("PUT", membership);
  await ask("GET", membership);
  await ask("HEAD", membership);
  await ask("GET", `_apis/graph/memberships/${user.descriptor}`);
  await ask("DELETE", membership);
  const container = await ask("GET", `_apis/graph/storagekeys/${group.descriptor}`);
  await ask("PUT", `_apis/identities/${container.value}/members/${key.value}`);
  await ask("DELETE", `_apis/identities/${container.value}/members/${key.value}`);
  await ask("GET", "_apis/identities?searchFilter=General&filterValue=zoe@example.com");
  await ask("GET", `_apis/identities/${key.value}`);
  await ask("DELETE", `_apis/graph/groups/${group.descriptor}`);
  return key.value;
}

async function askAboutPermissions(ask: Ask): Promise<void> {
  const descriptor = "Microsoft.TeamFoundation.Identity;S-1-9-1";
  const token = "repoV2/x";
  await ask("GET", "_apis/securitynamespaces");
  await ask("GET", `_apis/securitynamespaces/${gitNamespace}`);
  await ask("POST", `_apis/accesscontrolentries/${gitNamespace}`, {
    token,
    merge: true,
    accessControlEntries: [{ descriptor, allow: 6, deny: 0 }],
  });
  await ask("GET", `_apis/accesscontrollists/${gitNamespace}?includeExtendedInfo=true`);
  await ask("POST", `_apis/accesscontrollists/${gitNamespace}`, {
    value: [{ token, acesDictionary: { [descriptor]: { descriptor, allow: 6, deny: 0 } } }],
  });
  await ask("DELETE", `_apis/permissions/${gitNamespace}/2?token=${token}&descriptor=${descriptor}`);
  await ask("DELETE", `_apis/accesscontrolentries/${gitNamespace}?token=${token}&descriptors=${descriptor}`);
  await ask("POST", "_apis/security/permissionevaluationbatch", {
    evaluations: [{ securityNamespaceId: gitNamespace, token, permissions: 2 }],
  });
}

async function askAboutProjects(ask: Ask): Promise<void> {
  const { id } = await ask("POST", "_apis/projects", { name: "Forecasts" });
  await ask("GET", `_apis/operations/${id}`);
  await ask("GET", "_apis/projects");
  const created = await ask("GET", "_apis/projects/Forecasts?includeCapabilities=true");
  await ask("DELETE", `_apis/projects/${created.id}`);
  await ask("GET", "_apis/process/processes");
  await ask("GET", "_apis/connectiondata");
  await ask("GET", "_apis/resourceareas");
  await ask("GET", "_apis/resourceareas/79134c72-4a58-4b42-976c-04e7115f32bf");
}

function nameOf({ location, method, requires }: Route): string {
  return `${method} ${fillTemplate(location)} (${requires.join(", ")})`;
}

describeWithDescriptions("the published descriptions, skipped where ../shared is absent", () => {
  beforeAll(isolateGit);

  test("have no contradiction with any answer of any route", async () => {
    await using local = await startLocalOrganization({
      pipelines: { environ: { PATH: process.env["PATH"] ?? "" } },
    });
    const listening = listener(local);
    const { ask, heard } = listening;

    const repositoryId = await askAboutRepositories(ask);
    await askAboutGit(ask, repositoryId, await pushCommit(local, "iris"));
    await askAboutPolicies(ask, repositoryId);
    await askAboutPipelines(ask, repositoryId);
    await askAboutFolders(ask);
    await askAboutResources(ask);
    const person = await askAboutPeople(ask);
    await askAboutChecks(ask, person);
    await askAboutPullRequests(ask, repositoryId, person);
    await askAboutRuns(listening, { repositoryId, approver: person });
    await askAboutEvaluations(ask, repositoryId);
    await askAboutTeams(ask);
    await askAboutPermissions(ask);
    await askAboutProjects(ask);

    const silent = allRoutes.filter((route) => !heard.has(route)).map(nameOf);
    const unknown = [...heard].filter(([{ method }, path]) => answerProblems(method, path, {}) === undefined);
    expect(silent).toEqual(refusing);
    expect(unknown.map(([route]) => nameOf(route))).toEqual(undescribed);
  });
});
