import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { GitVersionType } from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { startLocalOrganization, type LocalOrganization } from "../../lib/local/start.ts";
import { runGit } from "../../lib/git/run-git.ts";
import { isolateGit } from "../support/git-environment.ts";
import { call, nodeApi } from "../support/organization-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const project = "AnalyticsOps";
const repositories = `${project}/_apis/git/repositories`;
const noObject = "0".repeat(40);
const identity = {
  GIT_AUTHOR_NAME: "Test Person",
  GIT_AUTHOR_EMAIL: "test.person@example.com",
  GIT_COMMITTER_NAME: "Test Person",
  GIT_COMMITTER_EMAIL: "test.person@example.com",
};

async function create(local: LocalOrganization, name: string): Promise<string> {
  const { body } = await call(local, "POST", repositories, { name });
  return body.id;
}

async function names(local: LocalOrganization, query = ""): Promise<readonly string[]> {
  const { body } = await call(local, "GET", `${repositories}${query}`);
  return body.value.map(({ name }: { name: string }) => name);
}

/** Commits one file on main and pushes it; answers the commit's id. */
async function push(local: LocalOrganization, folder: string, repository: string): Promise<string> {
  await runGit(folder, ["init", "-q", "-b", "main"]);
  await writeFile(join(folder, "read me.md"), "# Iris & co\n");
  await runGit(folder, ["add", "."]);
  await runGit(folder, ["commit", "-qm", "First\n\nWith a body."], { env: identity });
  const env = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${local.token.reveal()}`,
  };
  await runGit(folder, ["push", "-q", `${local.url}/${project}/_git/${repository}`, "main"], { env });
  return (await runGit(folder, ["rev-parse", "HEAD"])).trim();
}

describe("repositories", () => {
  beforeAll(isolateGit);

  test("are created without a default branch and have the service's keys", async () => {
    await using local = await startLocalOrganization({});

    const { status, body } = await call(local, "POST", repositories, { name: "iris" });

    expect(status).toBe(201);
    expect(Object.keys(body).toSorted()).toEqual([
      "id",
      "isDisabled",
      "isInMaintenance",
      "name",
      "project",
      "remoteUrl",
      "size",
      "sshUrl",
      "url",
      "webUrl",
    ]);
    expect(body).toMatchObject({ name: "iris", size: 0, isDisabled: false, project: { name: project } });
  });

  test("are created in the project that the body names where the address names none", async () => {
    await using local = await startLocalOrganization({});
    const { body: found } = await call(local, "GET", `_apis/projects/${project}`);

    const { status, body } = await call(local, "POST", "_apis/git/repositories", {
      name: "iris",
      project: { id: found.id },
    });

    expect([status, body.project.id]).toEqual([201, found.id]);
  });

  test("have names that are taken whatever their case, and free again in another project", async () => {
    await using local = await startLocalOrganization({ projects: ["Second"] });
    await create(local, "iris");

    const taken = await call(local, "POST", repositories, { name: "IRIS" });
    const other = await call(local, "POST", "Second/_apis/git/repositories", { name: "iris" });

    expect(taken).toMatchObject({
      status: 409,
      body: {
        typeKey: "GitRepositoryNameAlreadyExistsException",
        message: "TF400948: A Git repository with the name IRIS already exists.",
      },
    });
    expect(other.status).toBe(201);
  });

  test.each(["", "  ", "a/b", "..\\x", "_x", ".x", "x.", "x".repeat(65), "a\u0007b"])(
    "are neither made nor renamed to %j",
    async (name) => {
      await using local = await startLocalOrganization({});
      await create(local, "iris");

      const made = await call(local, "POST", repositories, { name });
      const renamed = await call(local, "PATCH", `${repositories}/iris`, { name });

      expect([made.status, renamed.status]).toEqual([400, 400]);
      expect(await names(local)).toEqual(["iris"]);
    },
  );

  test.each(["nothing", "00000000-0000-4000-8000-000000000000", "..%2F..%2Fetc", "__proto__"])(
    "that do not exist answer TF401019 (%s)",
    async (name) => {
      await using local = await startLocalOrganization({});

      const answers = await Promise.all(
        ["GET", "PATCH", "DELETE"].map((method) =>
          call(local, method, `${repositories}/${name}`, method === "PATCH" ? { name: "x" } : undefined),
        ),
      );

      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(answers[0]?.body).toMatchObject({
        typeKey: "GitRepositoryNotFoundException",
        message: expect.stringContaining("TF401019"),
      });
    },
  );

  test("keep their id over a new name, and answer to the new name only", async () => {
    await using local = await startLocalOrganization({});
    const id = await create(local, "iris");

    const renamed = await call(local, "PATCH", `${repositories}/${id}`, { name: "Iris 2" });

    expect(renamed).toMatchObject({ status: 200, body: { id, name: "Iris 2" } });
    expect((await call(local, "GET", `${repositories}/iris%202`)).body.id).toBe(id);
    expect((await call(local, "GET", `${repositories}/iris`)).status).toBe(404);
  });

  test("that are disabled answer 404, stay in every list, and come back", async () => {
    await using local = await startLocalOrganization({});
    const id = await create(local, "iris");

    await call(local, "PATCH", `${repositories}/${id}`, { isDisabled: true });
    const hidden = await call(local, "GET", `${repositories}/${id}`);
    const listed = [await names(local), await names(local, "?includeHidden=true")];
    const enabled = await call(local, "PATCH", `${repositories}/${id}`, { isDisabled: false });

    expect(hidden.status).toBe(404);
    expect(listed).toEqual([["iris"], ["iris"]]);
    expect(enabled).toMatchObject({ status: 200, body: { isDisabled: false } });
  });

  test("that are deleted free their name, lie in the recycle bin, and are restored from it", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const api = await nodeApi(local).getGitApi();
    const id = await create(local, "iris");
    const commitId = await push(local, folder.path, "iris");

    await api.deleteRepository(id, project);
    const bin = await api.getRecycleBinRepositories(project);
    const again = await create(local, "iris");
    const refused = await call(local, "PATCH", `${project}/_apis/git/recycleBin/repositories/${id}`, {
      deleted: false,
    });
    await api.deleteRepository(again, project);
    await api.restoreRepositoryFromRecycleBin({ deleted: false }, project, id);

    expect(bin).toMatchObject([{ id, name: "iris" }]);
    expect(refused.status).toBe(409);
    expect(await api.getRefs(id, project)).toMatchObject([{ name: "refs/heads/main", objectId: commitId }]);
  });

  test("have their first branch as default branch, and another one once it exists", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const api = await nodeApi(local).getGitApi();
    const id = await create(local, "iris");
    const commitId = await push(local, folder.path, "iris");
    const next = { name: "refs/heads/next", oldObjectId: noObject, newObjectId: commitId };

    const first = await api.getRepository(id, project);
    const early = await call(local, "PATCH", `${repositories}/${id}`, { defaultBranch: next.name });
    await api.updateRefs([next], id, project);
    const later = await api.updateRepository({ defaultBranch: next.name }, id, project);

    expect(first.defaultBranch).toBe("refs/heads/main");
    expect(early.status).toBe(400);
    expect(later.defaultBranch).toBe(next.name);
  });

  test("are not brought back by a change that meets a deletion", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const id = await create(local, "iris");
    await push(local, folder.path, "iris");

    await Promise.all([
      call(local, "PATCH", `${repositories}/${id}`, { defaultBranch: "refs/heads/main" }),
      call(local, "DELETE", `${repositories}/${id}`),
    ]);

    expect((await call(local, "GET", `${repositories}/${id}`)).status).toBe(404);
  });
});

describe("branches, commits and files", () => {
  beforeAll(isolateGit);

  test("answer each change of a branch by itself inside one 200", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const api = await nodeApi(local).getGitApi();
    const id = await create(local, "iris");
    const newObjectId = await push(local, folder.path, "iris");
    const change = (name: string, oldObjectId: string, next = newObjectId) => ({
      name,
      oldObjectId,
      newObjectId: next,
    });

    const results = await api.updateRefs(
      [
        change("refs/heads/new", noObject),
        change("refs/heads/stale", newObjectId),
        change("main", noObject),
        change("refs/heads/lost", noObject, "1".repeat(40)),
      ],
      id,
      project,
    );

    expect(results.map(({ success }) => success)).toEqual([true, false, false, false]);
    expect((await api.getRefs(id, project, "heads/n")).map(({ name }) => name)).toEqual(["refs/heads/new"]);
  });

  test("show commits by branch and by id, with their words and people", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const api = await nodeApi(local).getGitApi();
    const id = await create(local, "iris");
    const commitId = await push(local, folder.path, "iris");

    const byId = await api.getCommit(commitId, id, project);
    const byBranch = await api.getCommits(id, { itemVersion: { version: "main" } }, project);

    expect(byId).toMatchObject({
      commitId,
      comment: expect.stringContaining("First"),
      author: { name: "Test Person", email: "test.person@example.com" },
    });
    expect(byBranch.map((entry) => entry.commitId)).toEqual([commitId]);
    expect((await call(local, "GET", `${repositories}/iris/commits/${"1".repeat(40)}`)).status).toBe(404);
  });

  test("show a file by branch and by commit, and say TF401174 for one that is not there", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const api = await nodeApi(local).getGitApi();
    const id = await create(local, "iris");
    const version = await push(local, folder.path, "iris");
    const at = { version, versionType: GitVersionType.Commit };

    const item = await api.getItem(
      id,
      "/read me.md",
      project,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      at,
      true,
    );
    const missing = await call(local, "GET", `${repositories}/iris/items?path=/none`);

    expect(item).toMatchObject({ path: "/read me.md", gitObjectType: 3, content: "# Iris & co\n" });
    expect(missing).toMatchObject({ status: 404, body: { message: expect.stringContaining("TF401174") } });
  });

  test.each(["--output=/tmp/x", "HEAD:..", "main^{tree}", "main~0", "../../etc/passwd"])(
    "take a version and a path for data, not for words to git (%s)",
    async (text) => {
      await using local = await startLocalOrganization({});
      await using folder = await temporaryFolder();
      await create(local, "iris");
      await push(local, folder.path, "iris");
      const word = encodeURIComponent(text);

      const item = await call(local, "GET", `${repositories}/iris/items?path=${word}`);
      const version = await call(local, "GET", `${repositories}/iris/items?path=/&version=${word}`);
      const commits = await call(
        local,
        "GET",
        `${repositories}/iris/commits?searchCriteria.itemVersion.version=${word}`,
      );

      expect([item.status, version.status]).toEqual([404, 404]);
      expect(commits.body.value ?? []).toEqual([]);
    },
  );
});
