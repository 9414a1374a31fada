import { beforeAll, describe, expect, test } from "@jest/globals";
import { PullRequestStatus } from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { nodeApi } from "../support/organization-client.ts";
import { isolateGit } from "../support/git-environment.ts";
import { project, repositories, workplace, type Workplace } from "../support/local-workplace.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const pullRequests = `${repositories}/iris/pullrequests`;
const types = {
  reviewers: "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd",
  required: "fd2167ab-b0be-447a-8ec8-39368250530e",
  comments: "c6a1889d-b943-4856-b76f-9e46bb6b0df2",
  strategy: "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab",
};

/** Two branches that differ: main has base.txt, feature adds what is given in two commits. */
async function branches(files: Record<string, string> = { "new.txt": "new" }): Promise<Workplace> {
  const place = await workplace({});
  await place.push("Base", { "base.txt": "base" });
  await place.git("switch", "-qc", "feature");
  await place.push("First step", files);
  await place.push("Second step", { "second.txt": "second" });
  return place;
}

async function openRequest(place: Workplace, more: object = {}): Promise<Json> {
  const { body, status } = await place.ask("POST", pullRequests, {
    sourceRefName: "refs/heads/feature",
    targetRefName: "refs/heads/main",
    title: "Add a feature",
    ...more,
  });
  expect(status).toBe(201);
  return body;
}

async function complete(place: Workplace, id: number, completionOptions: object = {}): Promise<Json> {
  const { body } = await place.ask("GET", `${pullRequests}/${id}`);
  return await place.ask("PATCH", `${pullRequests}/${id}`, {
    status: "completed",
    lastMergeSourceCommit: body.lastMergeSourceCommit,
    completionOptions,
  });
}

async function policy(place: Workplace, type: string, settings: object): Promise<void> {
  const scope = [{ repositoryId: place.repositoryId, refName: "refs/heads/main", matchKind: "Exact" }];
  const { status } = await place.ask("POST", `${project}/_apis/policy/configurations`, {
    isEnabled: true,
    isBlocking: true,
    type: { id: type },
    settings: { ...settings, scope },
  });
  expect(status).toBe(200);
}

async function person(place: Workplace, mail: string): Promise<string> {
  const { body } = await place.ask("GET", `_apis/identities?searchFilter=General&filterValue=${mail}`);
  return body.value[0].id;
}

async function vote(place: Workplace, id: number, mail: string, value: number): Promise<Json> {
  const reviewer = await person(place, mail);
  return await place.ask("PUT", `${pullRequests}/${id}/reviewers/${reviewer}`, { vote: value }, mail);
}

describe("pull requests", () => {
  beforeAll(isolateGit);

  test.each([
    {
      mergeStrategy: "noFastForward",
      history: ["Merged PR 1: Add a feature", "Second step", "First step", "Base"],
      parents: 2,
    },
    { mergeStrategy: "squash", history: ["Merged PR 1: Add a feature", "Base"], parents: 1 },
    { mergeStrategy: "rebase", history: ["Second step", "First step", "Ahead", "Base"], parents: 1 },
    {
      mergeStrategy: "rebaseMerge",
      history: ["Merged PR 1: Add a feature", "Second step", "First step", "Ahead", "Base"],
      parents: 2,
    },
  ])("are completed by $mergeStrategy", async ({ mergeStrategy, history, parents }) => {
    await using place = await branches();
    if (mergeStrategy.startsWith("rebase")) {
      await place.git("switch", "-q", "main");
      await place.push("Ahead", { "ahead.txt": "ahead" });
    }
    const { pullRequestId } = await openRequest(place);

    const answer = await complete(place, pullRequestId, { mergeStrategy, deleteSourceBranch: true });

    const { body } = await place.ask("GET", `${pullRequests}/${pullRequestId}`);
    await place.git("fetch", "-q", "--prune", "origin");
    const commits = (await place.git("log", "--format=%s", "origin/main")).split("\n");
    const head = (await place.git("log", "-1", "--format=%P", "origin/main")).split(" ");
    expect(answer.status).toBe(200);
    expect(body).toMatchObject({ status: "completed", completionOptions: { mergeStrategy } });
    expect(await place.git("rev-parse", "origin/main")).toBe(body.lastMergeCommit.commitId);
    expect(commits.toSorted()).toEqual(history.toSorted());
    expect(head).toHaveLength(parents);
    expect(await place.git("branch", "--remotes")).not.toContain("feature");
    expect(await place.git("show", "origin/main:second.txt")).toBe("second");
  });

  test("say that their branches have conflicts, and are not completed until these are resolved", async () => {
    await using place = await branches({ "base.txt": "theirs" });
    await place.git("switch", "-q", "main");
    await place.push("Ours", { "base.txt": "ours" });
    const { pullRequestId } = await openRequest(place);

    const conflicting = await place.ask("GET", `${pullRequests}/${pullRequestId}`);
    const refused = await complete(place, pullRequestId);
    await place.git("switch", "-q", "feature");
    await place.git("merge", "-q", "-X", "ours", "-m", "Resolve", "main");
    await place.git("push", "-q", "origin", "HEAD");
    const resolved = await place.ask("GET", `${pullRequests}/${pullRequestId}`);
    const completed = await complete(place, pullRequestId);

    expect(conflicting.body.mergeStatus).toBe("conflicts");
    expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining("conflicts") } });
    expect(resolved.body.mergeStatus).toBe("succeeded");
    expect(completed.status).toBe(200);
  });

  test("go by reviewers, whose own votes count, the author's not, until the source changes", async () => {
    await using place = await branches();
    await policy(place, types.reviewers, { minimumApproverCount: 1, resetOnSourcePush: true });
    const { pullRequestId: id, createdBy } = await openRequest(place);

    const own = await place.ask("PUT", `${pullRequests}/${id}/reviewers/${createdBy.id}`, { vote: 10 });
    const alone = await complete(place, id);
    const foreign = await place.ask(
      "PUT",
      `${pullRequests}/${id}/reviewers/${await person(place, "zoe@example.com")}`,
      { vote: 10 },
      "ben@example.com",
    );
    await vote(place, id, "zoe@example.com", 10);
    await place.push("Third step", { "third.txt": "third" });
    const forgotten = await complete(place, id);
    await vote(place, id, "zoe@example.com", 5);
    const rejected = await vote(place, id, "ben@example.com", -10);
    const stopped = await complete(place, id);
    await vote(place, id, "ben@example.com", 0);
    const completed = await complete(place, id);

    expect([own.status, rejected.status, completed.status]).toEqual([200, 200, 200]);
    expect(alone).toMatchObject({
      status: 403,
      body: {
        typeKey: "GitPullRequestUpdateRejectedByPolicyException",
        message: "At least 1 reviewer must approve, the author not among them.",
      },
    });
    expect(foreign.status).toBe(403);
    expect(forgotten.status).toBe(403);
    expect(stopped.body.message).toBe("No reviewer may wait for the author or reject.");
  });

  test("ask required reviewers when their files change, and take the vote of a member", async () => {
    await using place = await branches({ "src/a.py": "a", "docs/b.md": "b" });
    const { body: project_ } = await place.ask("GET", `_apis/projects/${project}`);
    const team = await place.ask("POST", `_apis/projects/${project_.id}/teams`, { name: "Platform" });
    const zoe = await person(place, "zoe@example.com");
    await place.ask("PUT", `_apis/identities/${team.body.id}/members/${zoe}`);
    const settings = { requiredReviewerIds: [team.body.id], minimumApproverCount: 1 };
    await policy(place, types.required, { ...settings, filenamePatterns: ["/src/*"] });
    await policy(place, types.required, { ...settings, filenamePatterns: ["/elsewhere/*"] });

    const { pullRequestId: id } = await openRequest(place);
    const { body: opened } = await place.ask("GET", `${pullRequests}/${id}`);
    const refused = await complete(place, id);
    await vote(place, id, "zoe@example.com", 10);
    const completed = await complete(place, id);

    expect(opened.reviewers).toMatchObject([{ id: team.body.id, isRequired: true, vote: 0 }]);
    expect(refused.body.message).toBe("1 reviewer of [AnalyticsOps]\\Platform must approve.");
    expect(completed.status).toBe(200);
  });

  test("wait for open comments, and complete themselves when the last one is resolved", async () => {
    await using place = await branches();
    await policy(place, types.comments, {});
    const { pullRequestId: id, createdBy } = await openRequest(place);
    const threads = `${pullRequests}/${id}/threads`;
    const thread = await place.ask("POST", threads, { comments: [{ content: "Why?" }], status: "active" });

    const refused = await complete(place, id);
    await place.ask("PATCH", `${pullRequests}/${id}`, { autoCompleteSetBy: { id: createdBy.id } });
    const waiting = await place.ask("GET", `${pullRequests}/${id}`);
    await place.ask("PATCH", `${threads}/${thread.body.id}`, { status: "fixed" });
    const done = await place.ask("GET", `${pullRequests}/${id}`);

    expect(refused.body.message).toBe("All comments must be resolved.");
    expect(waiting.body).toMatchObject({ status: "active", autoCompleteSetBy: { id: createdBy.id } });
    expect(done.body.status).toBe("completed");
  });

  test("keep to the merge strategies of the branch, unless policies are bypassed", async () => {
    await using place = await branches();
    await policy(place, types.strategy, { allowSquash: true });
    const { pullRequestId: id } = await openRequest(place);

    const refused = await complete(place, id, { mergeStrategy: "rebase" });
    const bypassed = await complete(place, id, { mergeStrategy: "rebase", bypassPolicy: true });

    expect(refused.body.message).toBe("The branch allows the merge strategy squash, not rebase.");
    expect(bypassed.status).toBe(200);
  });

  test("refuse what the service refuses", async () => {
    await using place = await branches();
    const first = await openRequest(place, { isDraft: true });
    const at = `${pullRequests}/${first.pullRequestId}`;
    const same = { sourceRefName: "refs/heads/feature", targetRefName: "refs/heads/main", title: "x" };

    const twice = await place.ask("POST", pullRequests, same);
    const nowhere = await place.ask("POST", pullRequests, { ...same, targetRefName: "refs/heads/none" });
    const draft = await complete(place, first.pullRequestId);
    await place.ask("PATCH", at, { isDraft: false });
    const stale = await place.ask("PATCH", at, {
      status: "completed",
      lastMergeSourceCommit: { commitId: "0".repeat(40) },
    });
    await place.ask("PATCH", at, { status: "abandoned" });
    const abandoned = await place.ask("PATCH", at, { title: "y" });
    const missing = await place.ask("GET", `${pullRequests}/99`);

    expect(
      [twice, nowhere, draft, stale, abandoned, missing].map(({ status, body }) => [status, body.typeKey]),
    ).toEqual([
      [409, "GitPullRequestExistsException"],
      [400, "GitPullRequestCannotBeActivated"],
      [400, "InvalidArgumentValueException"],
      [409, "GitPullRequestStaleException"],
      [400, "GitPullRequestNotEditableException"],
      [404, "GitPullRequestNotFoundException"],
    ]);
  });

  test("are made, found, voted on and completed by azure-devops-node-api", async () => {
    await using place = await branches();
    const api = await nodeApi(place.local).getGitApi();
    const refs = { sourceRefName: "refs/heads/feature", targetRefName: "refs/heads/main" };

    const opened = await api.createPullRequest({ ...refs, title: "By node" }, "iris", project);
    const id = opened.pullRequestId ?? 0;
    const reviewer = await api.createPullRequestReviewer(
      { vote: 10 },
      "iris",
      id,
      await person(place, "zoe@example.com"),
      project,
    );
    const found = await api.getPullRequests("iris", { sourceRefName: refs.sourceRefName }, project);
    const { lastMergeSourceCommit = {} } = await api.getPullRequestById(id, project);
    await api.updatePullRequest(
      { status: PullRequestStatus.Completed, lastMergeSourceCommit },
      "iris",
      id,
      project,
    );
    const completed = await api.getPullRequest("iris", id, project);

    expect(reviewer.vote).toBe(10);
    expect(found.map(({ title }) => title)).toEqual(["By node"]);
    expect(completed.status).toBe(PullRequestStatus.Completed);
    expect(place.local.unknownRoutes()).toEqual([]);
  });

  test("have a page that shows what is missing, with every text escaped", async () => {
    await using place = await branches();
    await policy(place, types.reviewers, { minimumApproverCount: 2 });
    const { pullRequestId: id } = await openRequest(place, { title: "<b>bold</b>" });

    const response = await fetch(`${place.local.url}/${project}/_git/iris/pullrequest/${id}`, {
      headers: { authorization: `Bearer ${place.local.token.reveal()}`, accept: "text/html" },
    });
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(text).toContain("&lt;b&gt;bold&lt;/b&gt;");
    expect(text).not.toContain("<b>bold");
    expect(text).toContain("At least 2 reviewers must approve");
  });
});
