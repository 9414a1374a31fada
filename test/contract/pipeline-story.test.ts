import { beforeAll, describe, expect, test } from "@jest/globals";
import { isolateGit } from "../support/git-environment.ts";
import {
  endedRun,
  logOf,
  makePipeline,
  project,
  repositories,
  workplace,
  type Workplace,
} from "../support/local-workplace.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const zoe = "zoe@example.com";

const files = {
  "pr.yml": `trigger: none
steps:
  - bash: |
      set -euo pipefail
      test ! -e broken.txt
      echo "checked $(System.PullRequest.PullRequestId)"
`,
  "ci.yml": `trigger:
  branches:
    include: [main]
stages:
  - stage: Build
    jobs:
      - job: Pack
        steps:
          - bash: |
              set -euo pipefail
              mkdir out
              echo packed > out/model.txt
          - publish: out
            artifact: model
`,
  "release.yml": `trigger: none
resources:
  pipelines:
    - pipeline: ci
      source: iris-ci
      trigger:
        branches:
          include: [main]
stages:
  - stage: Qa
    jobs:
      - deployment: Roll
        environment: iris-qa
        strategy:
          runOnce:
            deploy:
              steps:
                - download: ci
                  artifact: model
                - bash: |
                    set -euo pipefail
                    cat "$(Pipeline.Workspace)/ci/model/model.txt"
                    echo "from $(resources.pipeline.ci.runName)"
`,
};

async function person(place: Workplace, mail: string): Promise<string> {
  const { body } = await place.ask("GET", `_apis/identities?searchFilter=General&filterValue=${mail}`);
  return body.value[0].id;
}

async function protectMain(place: Workplace, pipelineId: number): Promise<void> {
  const scope = [{ repositoryId: place.repositoryId, refName: "refs/heads/main", matchKind: "Exact" }];
  const policies = [
    ["fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", { minimumApproverCount: 1 }],
    ["0609b952-1397-4640-95ec-e00a01b2c241", { buildDefinitionId: pipelineId, displayName: "PR checks" }],
    ["c6a1889d-b943-4856-b76f-9e46bb6b0df2", {}],
  ] as const;
  for (const [id, settings] of policies)
    await place.ask("POST", `${project}/_apis/policy/configurations`, {
      isEnabled: true,
      isBlocking: true,
      type: { id },
      settings: { ...settings, scope },
    });
}

async function guardQa(place: Workplace, pipelineId: number, approver: string): Promise<void> {
  const { body } = await place.ask("POST", `${project}/_apis/distributedtask/environments`, {
    name: "iris-qa",
  });
  const resource = { type: "environment", id: String(body.id), name: "iris-qa" };
  await place.ask("POST", `${project}/_apis/pipelines/checks/configurations`, {
    type: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" },
    settings: { approvers: [{ id: approver }], minRequiredApprovers: 1, requesterCannotBeApprover: true },
    resource,
    timeout: 60,
  });
  await place.ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/environment/${body.id}`, {
    pipelines: [{ id: pipelineId, authorized: true }],
  });
}

async function evaluations(place: Workplace, pullRequest: Json): Promise<Record<string, string>> {
  const projectId = pullRequest.repository.project.id;
  const artifact = `vstfs:///CodeReview/CodeReviewId/${projectId}/${pullRequest.pullRequestId}`;
  const { body } = await place.ask(
    "GET",
    `${project}/_apis/policy/evaluations?artifactId=${encodeURIComponent(artifact)}`,
  );
  return Object.fromEntries(
    body.value.map(({ configuration, status }: Json) => [configuration.type.displayName, status]),
  );
}

describe("the whole way of a change, with git and REST only", () => {
  beforeAll(isolateGit);

  test("leads from the pull request over validation, review and merge to CI and a release with an approval", async () => {
    await using place = await workplace();
    await place.push("First [skip ci]", files);
    const pr = await makePipeline(place, "iris-pr", "pr.yml");
    const ci = await makePipeline(place, "iris-ci", "ci.yml");
    const release = await makePipeline(place, "iris-release", "release.yml");
    const approver = await person(place, zoe);
    await guardQa(place, release, approver);
    await protectMain(place, pr);

    await place.git("switch", "-qc", "feature");
    await place.push("Break it", { "broken.txt": "x" });
    const opened = await place.ask("POST", `${repositories}/iris/pullrequests`, {
      sourceRefName: "refs/heads/feature",
      targetRefName: "refs/heads/main",
      title: "A change",
    });
    const pullRequest = `${repositories}/iris/pullrequests/${opened.body.pullRequestId}`;
    const complete = async (): Promise<{ status: number; body: Json }> => {
      const { body } = await place.ask("GET", pullRequest);
      return await place.ask("PATCH", pullRequest, {
        status: "completed",
        lastMergeSourceCommit: body.lastMergeSourceCommit,
      });
    };

    const broken = await endedRun(place, pr);
    await place.ask("PUT", `${pullRequest}/reviewers/${approver}`, { vote: 10 }, zoe);
    const refused = await complete();
    await place.git("rm", "-q", "broken.txt");
    await place.push("Mend it", { "good.txt": "x" });
    const good = await endedRun(place, pr, 2);
    const states = await evaluations(place, opened.body);
    const completed = await complete();
    const merged = await place.ask("GET", pullRequest);
    const built = await endedRun(place, ci);
    const approval = await place.until("an approval", async () => {
      const { body } = await place.ask("GET", `${project}/_apis/pipelines/approvals?state=pending`);
      return body.value[0];
    });
    const waiting = await place.ask("GET", `${project}/_apis/build/builds?definitions=${release}`);
    await place.ask(
      "PATCH",
      `${project}/_apis/pipelines/approvals`,
      [{ approvalId: approval.id, status: "approved", comment: "Go" }],
      zoe,
    );
    const released = await endedRun(place, release);

    expect([broken.result, good.result]).toEqual(["failed", "succeeded"]);
    expect(await logOf(place, good.id)).toContain(`checked ${opened.body.pullRequestId}`);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        typeKey: "GitPullRequestUpdateRejectedByPolicyException",
        message: "PR checks must succeed to update main.",
      },
    });
    expect(states).toEqual({
      "Minimum number of reviewers": "approved",
      Build: "approved",
      "Comment requirements": "approved",
    });
    expect(completed).toMatchObject({ status: 200, body: { status: "active", mergeStatus: "queued" } });
    expect(merged.body).toMatchObject({ status: "completed", mergeStatus: "succeeded" });
    expect(built).toMatchObject({
      reason: "individualCI",
      result: "succeeded",
      sourceBranch: "refs/heads/main",
      sourceVersion: merged.body.lastMergeCommit.commitId,
    });
    expect(waiting.body.value[0]).toMatchObject({ status: "inProgress", reason: "resourceTrigger" });
    expect(released).toMatchObject({ result: "succeeded", sourceVersion: built.sourceVersion });
    expect(await logOf(place, released.id)).toContain(`packed`);
    expect(await logOf(place, released.id)).toContain(`from ${built.buildNumber}`);
    expect(place.local.unknownRoutes()).toEqual([]);
  }, 60_000);
});
