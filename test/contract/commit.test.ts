import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { runGit } from "../../lib/git/run-git.ts";
import { startLocalOrganization, type LocalOrganization } from "../../lib/local/start.ts";
import { isolateGit } from "../support/git-environment.ts";
import { call, nodeApi } from "../support/organization-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const project = "AnalyticsOps";
const repositories = `${project}/_apis/git/repositories`;
const history = [
  { file: "readme.md", author: "Ada", day: "2026-01-01" },
  { file: "src/train.py", author: "Bob", day: "2026-01-02" },
  { file: "src/score.py", author: "Ada", day: "2026-01-03" },
];

/** Three commits of two people on three days, each with one file that names it. */
async function startWithHistory(): Promise<LocalOrganization> {
  const local = await startLocalOrganization({});
  await call(local, "POST", repositories, { name: "iris" });
  await using folder = await temporaryFolder();
  await runGit(folder.path, ["init", "-q", "-b", "main"]);
  await mkdir(join(folder.path, "src"));
  for (const { file, author, day } of history) {
    await writeFile(join(folder.path, file), file);
    await runGit(folder.path, ["add", "."]);
    const who = {
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: `${author}@example.com`,
      GIT_AUTHOR_DATE: `${day}T12:00:00Z`,
      GIT_COMMITTER_NAME: author,
      GIT_COMMITTER_EMAIL: `${author}@example.com`,
      GIT_COMMITTER_DATE: `${day}T12:00:00Z`,
    };
    await runGit(folder.path, ["commit", "-qm", file], { env: who });
  }
  const env = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${local.token.reveal()}`,
  };
  await runGit(folder.path, ["push", "-q", `${local.url}/${project}/_git/iris`, "main"], { env });
  return local;
}

describe("commits", () => {
  beforeAll(isolateGit);

  test("are found by file, person, day and number", async () => {
    await using local = await startWithHistory();
    const found = async (query: string) => {
      const { body } = await call(local, "GET", `${repositories}/iris/commits?${query}`);
      return body.value.map(({ comment }: { comment: string }) => comment.trim());
    };

    expect(await found("")).toEqual(["src/score.py", "src/train.py", "readme.md"]);
    expect(await found("searchCriteria.itemPath=/src")).toEqual(["src/score.py", "src/train.py"]);
    expect(await found("searchCriteria.itemPath=src/train.py")).toEqual(["src/train.py"]);
    expect(await found("searchCriteria.itemPath=/")).toHaveLength(3);
    expect(await found("searchCriteria.author=ada")).toEqual(["src/score.py", "readme.md"]);
    expect(await found("searchCriteria.fromDate=2026-01-02")).toEqual(["src/score.py", "src/train.py"]);
    expect(await found("searchCriteria.toDate=2026-01-02")).toEqual(["readme.md"]);
    expect(await found("searchCriteria.$skip=1&searchCriteria.$top=1")).toEqual(["src/train.py"]);
  });

  test("are found by azure-devops-node-api in the same way", async () => {
    await using local = await startWithHistory();
    const api = await nodeApi(local).getGitApi();

    const found = await api.getCommits("iris", { itemPath: "/src", author: "Bob" }, project, 0, 5);

    expect(found.map(({ author }) => author?.name)).toEqual(["Bob"]);
  });

  test.each([
    { query: "searchCriteria.author=%2E%2A" },
    { query: "searchCriteria.itemPath=%2A.py" },
    { query: "searchCriteria.itemPath=%3A%2Freadme.md" },
    { query: "searchCriteria.author=--all" },
  ])("take $query for a word, not for a pattern of git", async ({ query }) => {
    await using local = await startWithHistory();

    expect((await call(local, "GET", `${repositories}/iris/commits?${query}`)).body.value).toEqual([]);
  });

  test.each(["fromDate=yesterday", "author=a%00b", "itemPath=a%0Ab"])("refuse %s", async (query) => {
    await using local = await startWithHistory();

    const answer = await call(local, "GET", `${repositories}/iris/commits?searchCriteria.${query}`);

    expect([answer.status, answer.body.typeKey]).toEqual([400, "VssPropertyValidationException"]);
  });
});
