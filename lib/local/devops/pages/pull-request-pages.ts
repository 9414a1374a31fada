import { evaluate } from "../review/complete-pull-request.ts";
import { commitsOf, shortRef } from "../review/merge-branches.ts";
import { pullRequestsOf, type PullRequestRecord } from "../review/pull-request-record.ts";
import { threadsOf } from "../review/thread-record.ts";
import { policyTypes } from "../routes/policy-type.ts";
import type { RepositoryRecord } from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";
import { html } from "./html.ts";
import { addressOf, link, table, type Page } from "./layout.ts";
import type { ProjectPage } from "./project-pages.ts";
import { runAddress } from "./run-pages.ts";

/** The pull requests of a repository, newest first. */
export function pullRequestsPage(page: ProjectPage, repository: RepositoryRecord): Page {
  const { organization, project, baseUrl } = page;
  const found = pullRequestsOf(organization).filter(({ repositoryId }) => repositoryId === repository.id);
  const rows = found
    .toReversed()
    .map(({ id, title, status, sourceRef, targetRef, createdById }) => [
      link(
        `${id}: ${title}`,
        addressOf(baseUrl, project.name, "_git", repository.name, "pullrequest", String(id)),
      ),
      status,
      `${shortRef(sourceRef)} into ${shortRef(targetRef)}`,
      nameOf(organization, createdById),
    ]);
  return {
    title: `Pull requests of ${repository.name}`,
    content: table(["Pull request", "State", "Branches", "By"], rows, "There are no pull requests."),
  };
}

/** A pull request with its policies, reviewers, comments and commits; undefined where there is none. */
export async function pullRequestPage(
  page: ProjectPage,
  repository: RepositoryRecord,
  number: string,
): Promise<Page | undefined> {
  const { organization } = page;
  const request = pullRequestsOf(organization).find(
    ({ id, repositoryId }) => String(id) === number && repositoryId === repository.id,
  );
  if (request === undefined) return undefined;
  const { id, title, description, status, merge, sourceRef, targetRef } = request;
  return {
    title: `${id}: ${title}`,
    content: [
      html`<p>
        ${shortRef(sourceRef)} into ${shortRef(targetRef)}: ${status}, merge ${merge?.status ?? "not tried"}
      </p>`,
      description === undefined ? "" : html`<p>${description}</p>`,
      html`<h2>Policies</h2>`,
      await policiesOf(page, request),
      html`<h2>Reviewers</h2>`,
      reviewersOf(organization, request),
      html`<h2>Comments</h2>`,
      commentsOf(organization, request),
      html`<h2>Commits</h2>`,
      await commitTable(organization, request),
    ],
  };
}

async function policiesOf({ organization, project, baseUrl }: ProjectPage, request: PullRequestRecord) {
  if (request.status !== "active") return html`<p>It is ${request.status}.</p>`;
  const rows = (await evaluate(organization, request)).map(({ policy, status, missing, run }) => [
    policyTypes.get(policy.typeId),
    policy.isBlocking ? "required" : "optional",
    status,
    run === undefined ? missing : link(`run ${run.runNumber}`, runAddress(baseUrl, project.name, run.id)),
  ]);
  return table(["Policy", "", "State", "What is missing"], rows, "No policy protects the branch.");
}

const votes: Readonly<Record<number, string>> = {
  10: "approved",
  5: "approved with suggestions",
  0: "no vote",
  [-5]: "waits for the author",
  [-10]: "rejected",
};

function reviewersOf(organization: Organization, { reviewers }: PullRequestRecord) {
  const rows = reviewers.map(({ id, vote, isRequired }) => [
    nameOf(organization, id),
    isRequired ? "required" : "",
    votes[vote],
  ]);
  return table(["Reviewer", "", "Vote"], rows, "Nobody reviews it yet.");
}

function commentsOf(organization: Organization, { id }: PullRequestRecord) {
  const rows = threadsOf(organization, id).flatMap(({ threadStatus, comments }) =>
    comments.map(({ authorId, content }) => [nameOf(organization, authorId), content, threadStatus]),
  );
  return table(["By", "Comment", "State"], rows, "There are no comments.");
}

async function commitTable(organization: Organization, request: PullRequestRecord) {
  const commits = request.status === "completed" ? [] : ((await commitsOf(organization, request)) ?? []);
  const rows = commits.map(({ commitId, comment, author }) => [
    commitId.slice(0, 8),
    comment.split("\n")[0],
    author.name,
  ]);
  return table(["Commit", "Message", "Author"], rows, "It brings no commits any more.");
}

function nameOf(organization: Organization, id: string): string {
  const identity = organization.identity(id);
  return identity?.kind === "user" ? identity.uniqueName : (identity?.displayName ?? id);
}
