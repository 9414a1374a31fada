import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../lib/errors/secret.ts";
import { provision } from "../../lib/provision/provision.ts";
import { anAnswers } from "../support/an-answers.ts";
import { isolateGit } from "../support/git-environment.ts";
import { localModel, type LocalModel } from "../support/local-model.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const project = "AnalyticsOps";
const answers = anAnswers({
  members: ["kim@example.com", "robin@example.com"],
  platform_team: "Project Administrators",
  environments: [
    { name: "tst", workspace_url: "https://adb-1.azuredatabricks.net", approvers: [] },
    { name: "qa", workspace_url: "", approvers: ["lena@example.com", "data-science"] },
    { name: "prod", workspace_url: "", approvers: [] },
  ],
});

interface Snapshot {
  readonly repositories: readonly string[];
  readonly teams: readonly string[];
  readonly pipelines: readonly string[];
  readonly environments: readonly string[];
  readonly groups: readonly string[];
  readonly permissions: readonly string[];
  readonly checks: readonly string[];
  readonly policies: readonly string[];
}

/** Everything that provisioning made, without what the organisation numbers or dates. */
async function snapshot(model: LocalModel): Promise<Snapshot> {
  const list = async (path: string): Promise<Json[]> =>
    (await model.call("GET", `${project}/_apis/${path}`)).value;
  const pipelines = await list("build/definitions?includeAllProperties=true");
  const environments = await list("distributedtask/environments");
  const groups = await list("distributedtask/variablegroups");
  const teams = (await model.call("GET", `_apis/projects/${project}/teams`)).value;
  const names = new Map<number, string>(pipelines.map(({ id, name }) => [id, name]));
  const resources = [
    ...environments.map(({ id, name }) => ({ type: "environment", id, name })),
    ...groups.map(({ id, name }) => ({ type: "variablegroup", id, name })),
  ];
  const permissions = await Promise.all(
    resources.map(async ({ type, id, name }) => {
      const granted = await model.call("GET", `${project}/_apis/pipelines/pipelinepermissions/${type}/${id}`);
      return [`${type} ${name}`, sorted(granted.pipelines.map((pipeline: Json) => names.get(pipeline.id)))];
    }),
  );
  const checks = await model.call(
    "POST",
    `${project}/_apis/pipelines/checks/queryconfigurations?$expand=settings`,
    environments.map(({ id }) => ({ type: "environment", id: String(id) })),
  );
  return {
    repositories: sorted(
      (await list("git/repositories")).map(({ name, defaultBranch }) => `${name} ${defaultBranch}`),
    ),
    teams: sorted(teams.map((team: Json) => team.name)),
    pipelines: sorted(
      pipelines.map(({ name, path, process, queueStatus }) => ({
        name,
        path,
        file: process.yamlFilename,
        queueStatus,
      })),
    ),
    environments: sorted(environments.map(({ name }) => name)),
    groups: sorted(groups.map(({ name, variables }) => ({ name, variables }))),
    permissions: sorted(permissions),
    checks: sorted(
      checks.value.map(({ settings }: Json) => ({
        approvers: settings.approvers.map((approver: Json) => approver.displayName),
        own: settings.requesterCannotBeApprover,
      })),
    ),
    policies: sorted(
      (await list("policy/configurations")).map(({ type, isBlocking, isEnabled, settings }) => ({
        type: type.displayName,
        isBlocking,
        isEnabled,
        min: settings.minimumApproverCount,
        files: settings.filenamePatterns,
        build: names.get(settings.buildDefinitionId),
      })),
    ),
  };
}

function sorted(values: readonly Json[]): readonly string[] {
  const texts: string[] = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return texts.toSorted();
}

describe("provision", () => {
  beforeAll(isolateGit);

  test("creates everything at first, and plans and writes nothing the second time", async () => {
    await using model = await localModel(answers);

    const first = await model.provision();
    const before = model.local.requests().length;
    const second = await model.provision();
    const later = model.local.requests().slice(before);

    expect(first.plan.counts).toMatchObject({ update: 0, keep: 0 });
    expect(second.plan.counts).toMatchObject({ create: 0, update: 0 });
    expect(second.applied).toBe(false);
    expect(
      later.filter(({ method, path }) => method !== "GET" && !path.includes("queryconfigurations")),
    ).toEqual([]);
    expect(model.local.unknownRoutes()).toEqual([]);
    const made = await snapshot(model);
    expect(made).toMatchObject({
      repositories: ["iris refs/heads/main"],
      environments: ["iris-prod", "iris-qa", "iris-tst"],
      teams: ["AnalyticsOps Team", "data-science"],
      permissions: expect.arrayContaining([
        '["environment iris-prod",["iris-deploy-pipeline","iris-promote-pipeline","iris-release-pipeline"]]',
        '["variablegroup iris-qa",["iris-deploy-pipeline","iris-release-pipeline"]]',
      ]),
    });
    expect([made.pipelines, made.policies, made.checks, made.groups].map(({ length }) => length)).toEqual([
      7, 5, 3, 3,
    ]);
  });

  test.each([
    { what: "a pipeline", path: "build/definitions", key: "pipeline:ci", name: "iris-ci-pipeline" },
    { what: "an environment", path: "distributedtask/environments", key: "environment:qa", name: "iris-qa" },
    {
      what: "a variable group",
      path: "distributedtask/variablegroups",
      key: "variable-group:prod",
      name: "iris-prod",
    },
  ])("plans and restores $what that was deleted by hand", async ({ path, key, name }) => {
    await using model = await localModel(answers);
    await model.provision();
    const whole = await snapshot(model);
    const { value } = await model.call("GET", `${project}/_apis/${path}`);
    await model.call(
      "DELETE",
      `${project}/_apis/${path}/${value.find((it: { name: string }) => it.name === name).id}`,
    );

    const { plan } = await model.provision();

    expect(plan.steps.find((step) => step.key === key)?.action).toBe("create");
    expect(await snapshot(model)).toEqual(whole);
    expect((await model.plan()).plan.counts).toMatchObject({ create: 0, update: 0 });
  });

  test("shows what was changed by hand as old → new and repairs it", async () => {
    await using model = await localModel(answers);
    await model.provision();
    const { value } = await model.call("GET", `${project}/_apis/policy/configurations`);
    const reviewers = value.find((policy: Json) => policy.type.displayName === "Minimum number of reviewers");
    await model.call("PUT", `${project}/_apis/policy/configurations/${reviewers.id}`, {
      ...reviewers,
      isBlocking: false,
      settings: { ...reviewers.settings, minimumApproverCount: 3 },
    });

    const { plan } = await model.plan();
    await model.provision();

    expect(plan.steps.filter(({ action }) => action !== "keep")).toMatchObject([
      {
        key: "branch-policy:minimum-reviewers",
        action: "update",
        changes: [
          { field: "blocking", old: "false", new: "true" },
          { field: "minimumApproverCount", old: "3", new: "1" },
        ],
      },
    ]);
    expect((await model.plan()).plan.counts).toMatchObject({ create: 0, update: 0 });
  });

  test("keeps variables that people added, filled in, or made secret", async () => {
    await using model = await localModel(answers);
    await model.provision();
    const groups = (await model.call("GET", `${project}/_apis/distributedtask/variablegroups`)).value;
    const group = groups.find((it: Json) => it.name === "iris-qa");
    await model.call("PUT", `_apis/distributedtask/variablegroups/${group.id}`, {
      ...group,
      variables: {
        ...group.variables,
        WORKSPACE_URL: { value: "https://filled.in" },
        TOKEN: { value: "s3cret", isSecret: true },
        CMR_SCOPE: { value: "other" },
      },
      variableGroupProjectReferences: [
        {
          projectReference: { id: (await model.call("GET", `_apis/projects/${project}`)).id },
          name: "iris-qa",
        },
      ],
    });

    const { plan } = await model.provision();
    const after = (await model.call("GET", `${project}/_apis/distributedtask/variablegroups/${group.id}`))
      .variables;

    expect(plan.steps.find(({ key }) => key === "variable-group:qa")?.changes).toEqual([
      { field: "CMR_SCOPE", old: "other", new: "cmr" },
    ]);
    expect(after).toMatchObject({
      WORKSPACE_URL: { value: "https://filled.in" },
      TOKEN: { value: null, isSecret: true },
      CMR_SCOPE: { value: "cmr" },
    });
  });

  test("finds the policy of platform-owned paths again when its paths change, and leaves policies of several branches alone", async () => {
    await using model = await localModel(answers);
    await model.provision();
    const policies = (await model.call("GET", `${project}/_apis/policy/configurations`)).value;
    const required = policies.find((policy: Json) => policy.type.displayName === "Required reviewers");
    const merge = policies.find((policy: Json) => policy.type.displayName === "Require a merge strategy");
    const [scope] = merge.settings.scope;
    await model.call("PUT", `${project}/_apis/policy/configurations/${required.id}`, {
      ...required,
      settings: { ...required.settings, filenamePatterns: ["/old/*"] },
    });
    await model.call("PUT", `${project}/_apis/policy/configurations/${merge.id}`, {
      ...merge,
      settings: { allowSquash: true, allowRebase: true, scope: [scope] },
    });
    await model.call("POST", `${project}/_apis/policy/configurations`, {
      ...merge,
      settings: { allowNoFastForward: true, scope: [scope, { ...scope, refName: "refs/heads/other" }] },
    });

    const { plan } = await model.provision();
    const after = (await model.call("GET", `${project}/_apis/policy/configurations`)).value;

    expect(
      plan.steps
        .filter(({ action }) => action !== "keep")
        .map(({ key, changes }) => [key, changes.map(({ field }) => field)]),
    ).toEqual([
      ["branch-policy:merge-strategy", ["allowRebase"]],
      ["branch-policy:required-reviewers", ["filenamePatterns"]],
    ]);
    expect(after).toHaveLength(6);
    expect((await model.plan()).plan.counts).toMatchObject({ create: 0, update: 0 });
  });

  test("leaves the area of a team that has one already", async () => {
    await using model = await localModel(answers);
    await model.provision();
    const team = `${project}/data-science/_apis/work/teamsettings/teamfieldvalues`;
    await model.call("PATCH", team, {
      defaultValue: project,
      values: [{ value: project, includeChildren: true }],
    });

    const { plan } = await model.provision();

    expect(plan.counts).toMatchObject({ create: 0, update: 0 });
    expect(plan.steps.find(({ key }) => key === "team-area")?.note).toContain("left as it is");
    expect((await model.call("GET", team)).defaultValue).toBe(project);
  });

  test("names all unknown people at once and creates nothing", async () => {
    await using model = await localModel(answers);

    const failure = model.provision({
      members: ["ghost@nowhere.invalid", "kim@example.com"],
      platform_team: "No Such Group",
    });

    await expect(failure).rejects.toMatchObject({
      code: "EAC_PROVISION_PEOPLE_UNKNOWN",
      exitCode: 7,
      problems: [{ path: "members[0]" }, { path: "platform_team" }],
    });
    expect((await model.call("GET", `${project}/_apis/git/repositories`)).count).toBe(0);
  });

  test("refuses a repository of that name with another history, and creates nothing", async () => {
    await using first = await localModel(answers);
    await first.provision();
    await using other = await localModel({ ...answers, team_name: "another-team" });

    const failure = provision({
      answers: other.answers,
      folder: other.folder,
      organizationUrl: first.local.url,
      credential: { kind: "pat", secret: first.local.token },
      reporter: { report: () => undefined },
      signal: new AbortController().signal,
      planOnly: false,
      confirm: () => Promise.resolve(),
    });

    await expect(failure).rejects.toMatchObject({ code: "EAC_PROVISION_REPOSITORY_FOREIGN", exitCode: 6 });
    expect(
      (await first.call("GET", `_apis/projects/${project}/teams`)).value.map(
        ({ name }: { name: string }) => name,
      ),
    ).not.toContain("another-team");
  });

  test("does not push later commits to the protected branch, and says so", async () => {
    await using model = await localModel(answers);
    await model.provision();
    await writeFile(join(model.folder, "more.txt"), "more");
    execFileSync("git", ["-C", model.folder, "add", "."]);
    execFileSync("git", ["-C", model.folder, "commit", "-qm", "more"], { env: process.env });

    const { plan } = await model.plan();

    expect(plan.counts).toMatchObject({ create: 0, update: 0 });
    expect(plan.steps.find(({ key }) => key === "first-push")?.note).toContain("pull request");
  });

  test.each([
    {
      what: "a project that does not exist",
      differences: { azure_devops: { ...answers.azure_devops, project: "Nowhere" } },
      code: "EAC_PROVISION_PROJECT_MISSING",
    },
  ])("refuses $what", async ({ differences, code }) => {
    await using model = await localModel(answers);

    await expect(model.provision(differences)).rejects.toMatchObject({ code, exitCode: 7 });
  });

  test("calls a wrong token a wrong token, and shows it nowhere", async () => {
    await using model = await localModel(answers);
    const failure = provision({
      answers,
      folder: model.folder,
      organizationUrl: model.local.url,
      credential: { kind: "pat", secret: new Secret("not-the-token") },
      reporter: { report: () => undefined },
      signal: new AbortController().signal,
      planOnly: true,
      confirm: () => Promise.resolve(),
    });

    const error: unknown = await failure.catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: "EAC_DEVOPS_UNAUTHENTICATED", exitCode: 7 });
    expect(JSON.stringify(error) + String(error)).not.toContain("not-the-token");
  });

  test("leaves the credential neither in the repository's configuration nor in any event", async () => {
    await using model = await localModel(answers);

    await model.provision();

    const config = readFileSync(join(model.folder, ".git", "config"), "utf8");
    expect(config).toContain(`url = ${model.local.url}/${project}/_git/iris`);
    expect(config + JSON.stringify(model.events)).not.toContain(model.local.token.reveal());
  });

  test("ends in the same state when any single write fails, is applied but answered with an error, or loses its connection", async () => {
    await using whole = await localModel(answers);
    await whole.provision();
    const wanted = await snapshot(whole);
    const isWrite = { methods: ["POST", "PUT", "PATCH", "DELETE"], path: "^(?!.*queryconfigurations)" };
    const writes = whole.local
      .requests()
      .filter(
        ({ method, path }) =>
          method !== "GET" && !path.includes("queryconfigurations") && !path.includes("git-upload-pack"),
      ).length;
    const faults = [
      { when: "before", status: 500 },
      { when: "after", status: 500 },
      { when: "after" },
    ] as const;

    const outcomes = new Set<string>();
    for (const fault of faults) {
      for (let offset = 0; offset < writes; offset += 1) {
        await using model = await localModel(answers);
        model.local.addFault({ ...isWrite, ...fault, offset });
        const disturbed = await model.provision().then(
          () => "survived",
          () => "stopped",
        );
        outcomes.add(disturbed);
        model.local.clearFaults();
        await model.provision();

        expect({ fault, offset, disturbed, state: await snapshot(model) }).toEqual({
          fault,
          offset,
          disturbed,
          state: wanted,
        });
      }
    }

    expect(writes).toBeGreaterThan(25);
    expect(outcomes).toContain("stopped");
  }, 240_000);
});
