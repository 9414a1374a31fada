import { execFile, execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  GitVersionType,
  VersionControlRecursionType,
} from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { isolateGit } from "../support/git-environment.ts";
import { call, nodeApi } from "../support/organization-client.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const project = "AnalyticsOps";
const reviewers = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
const refusal =
  "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.";

interface Workplace extends AsyncDisposable {
  readonly local: LocalOrganization;
  readonly folder: TemporaryFolder;
  readonly repositoryId: string;
  readonly url: string;
  /** Asynchronous: the organisation answers in this very process. */
  git(...args: string[]): Promise<{ readonly status: number; readonly output: string }>;
  commit(name: string, content?: string): Promise<void>;
  protect(scope: Readonly<Record<string, unknown>>, more?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** An organisation with one empty repository, and a clone of nothing beside it. */
async function workplace(branch = "main"): Promise<Workplace> {
  const local = await startLocalOrganization({});
  const folder = await temporaryFolder();
  const created = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
  execFileSync("git", ["-C", folder.path, "init", "-q", "-b", branch]);
  const credential = Buffer.from(`:${local.token.reveal()}`).toString("base64");
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credential}`,
  };
  return {
    local,
    folder,
    repositoryId: created.body.id,
    url: `${local.url}/${project}/_git/iris`,
    git: (...args) =>
      new Promise((resolve) => {
        const child = execFile("git", ["-C", folder.path, ...args], { env }, (_error, stdout, stderr) => {
          resolve({ status: child.exitCode ?? 1, output: stdout + stderr });
        });
      }),
    commit: async (name, content = name) => {
      await writeFile(join(folder.path, name), content);
      execFileSync("git", ["-C", folder.path, "add", "."]);
      execFileSync("git", ["-C", folder.path, "commit", "-qm", name], { env: process.env });
    },
    protect: async (scope, more = {}) => {
      const answer = await call(local, "POST", `${project}/_apis/policy/configurations`, {
        isEnabled: true,
        isBlocking: true,
        type: { id: reviewers },
        settings: { minimumApproverCount: 1, scope: [scope] },
        ...more,
      });
      expect(answer).toMatchObject({ status: 200 });
    },
    [Symbol.asyncDispose]: async () => {
      await local[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function refNames({ local }: Workplace): Promise<readonly string[]> {
  const { body } = await call(local, "GET", `${project}/_apis/git/repositories/iris/refs`);
  return body.value.map(({ name }: { name: string }) => name);
}

describe("git over HTTP", () => {
  beforeAll(isolateGit);

  test("takes main for the default branch when several branches come first", async () => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("branch", "a-branch");

    await place.git("push", "-q", place.url, "--all");
    const { body } = await call(place.local, "GET", `${project}/_apis/git/repositories/iris`);

    expect(body.defaultBranch).toBe("refs/heads/main");
    expect(body.size).toBeGreaterThan(0);
  });

  test("clones the default branch, also after it was changed, and refuses one that does not exist", async () => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("push", "-q", place.url, "main", "main:develop");
    const path = `${project}/_apis/git/repositories/${place.repositoryId}`;

    const changed = await call(place.local, "PATCH", path, { defaultBranch: "refs/heads/develop" });
    const refused = await call(place.local, "PATCH", path, { defaultBranch: "refs/heads/nothing" });
    await place.git("clone", "-q", place.url, "copy");

    expect([changed.status, refused.status]).toEqual([200, 400]);
    expect(await readFile(join(place.folder.path, "copy", ".git", "HEAD"), "utf8")).toBe(
      "ref: refs/heads/develop\n",
    );
  });

  test("serves the project's own repository without the project in the path, in any case, and by id", async () => {
    await using place = await workplace();
    const { local } = place;
    await call(local, "POST", `${project}/_apis/git/repositories`, { name: project });

    const urls = [
      `${local.url}/_git/${project}`,
      `${local.url.replace("/local", "/LOCAL")}/analyticsops/_GIT/IRIS`,
      `${local.url}/${project}/_git/${place.repositoryId}`,
      place.url.replace("://", "://somebody@"),
    ];
    const answers = await Promise.all(urls.map((url) => place.git("ls-remote", url)));

    expect(answers.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
  });

  test("says that a repository does not exist", async () => {
    await using place = await workplace();

    const answer = await place.git("ls-remote", `${place.url}-none`);

    expect(answer.status).toBe(128);
    expect(answer.output).toContain("remote: TF401019");
  });

  test.each([
    { what: "an exact branch", scope: { refName: "refs/heads/main", matchKind: "exact" } },
    { what: "all that begins so", scope: { refName: "refs/heads/release", matchKind: "prefix" } },
    { what: "the default branch", scope: { repositoryId: null, matchKind: "DefaultBranch" } },
    {
      what: "every repository",
      scope: { repositoryId: null, refName: "refs/heads/main", matchKind: "exact" },
    },
  ])("refuses pushes to $what and takes all others", async ({ scope }) => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("push", "-q", place.url, "main", "main:release/1");
    await place.protect({ repositoryId: place.repositoryId, ...scope });
    await place.commit("b.txt");
    const closed = scope.refName === "refs/heads/release" ? "release/1" : "main";
    const open = closed === "main" ? "release/1" : "main";

    const refused = await place.git("push", place.url, `main:${closed}`);
    const forced = await place.git("push", "--force", place.url, `HEAD:${closed}`);
    const deleted = await place.git("push", place.url, `:${closed}`);
    const taken = await place.git("push", place.url, `main:${open}`, "main:feature");

    expect(refused.output).toContain(`! [remote rejected] main -> ${closed} (${refusal})`);
    expect([refused.status, forced.status, deleted.status, taken.status]).toEqual([1, 1, 1, 0]);
    expect(deleted.output).toContain("TF402455");
    expect(await refNames(place)).toEqual(["refs/heads/feature", "refs/heads/main", "refs/heads/release/1"]);
  });

  test.each([
    { what: "is disabled", more: { isEnabled: false } },
    { what: "does not block", more: { isBlocking: false } },
    { what: "is about files", more: { type: { id: "2e26e725-8201-4edd-8bf5-978563c34a80" } } },
  ])("takes pushes to a branch whose policy $what", async ({ more }) => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("push", "-q", place.url, "main");
    await place.protect(
      { repositoryId: place.repositoryId, refName: "refs/heads/main", matchKind: "exact" },
      more,
    );
    await place.commit("b.txt");

    const pushed = await place.git("push", place.url, "main");

    expect(pushed.status).toBe(0);
  });

  test("takes nothing of an atomic push of which a part is refused", async () => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("push", "-q", place.url, "main");
    await place.protect({ repositoryId: place.repositoryId, refName: "refs/heads/main", matchKind: "exact" });
    await place.commit("b.txt");

    const pushed = await place.git("push", "--atomic", place.url, "main", "main:feature");

    expect(pushed.status).toBe(1);
    expect(await refNames(place)).toEqual(["refs/heads/main"]);
  });

  test("refuses to move a protected branch through the refs of the API too", async () => {
    await using place = await workplace();
    await place.commit("a.txt");
    await place.git("push", "-q", place.url, "main");
    await place.protect({ repositoryId: place.repositoryId, refName: "refs/heads/main", matchKind: "exact" });
    const path = `${project}/_apis/git/repositories/iris/refs`;
    const { body: refs } = await call(place.local, "GET", path);
    const { objectId } = refs.value[0];
    const nothing = "0".repeat(40);

    const { body } = await call(place.local, "POST", path, [
      { name: "refs/heads/main", oldObjectId: objectId, newObjectId: nothing },
      { name: "refs/heads/feature", oldObjectId: nothing, newObjectId: objectId },
    ]);

    expect(body.value.map(({ updateStatus }: { updateStatus: string }) => updateStatus)).toEqual([
      "rejectedByPolicy",
      "succeeded",
    ]);
  });

  test("knows its branches again when the process ended before it noted them", async () => {
    await using folder = await temporaryFolder();
    await using local = await startLocalOrganization({ folder: folder.path });
    const { body } = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
    const bare = join(folder.path, "git", `${body.id}.git`);
    const tree = execFileSync("git", ["-C", bare, "hash-object", "-t", "tree", "-w", "--stdin"], {
      input: "",
    });
    const words = ["commit-tree", String(tree).trim(), "-m", "first"];
    const commitId = String(execFileSync("git", ["-C", bare, ...words], { env: process.env })).trim();
    execFileSync("git", ["-C", bare, "update-ref", "refs/heads/trunk", commitId]);
    await local[Symbol.asyncDispose]();

    await using again = await startLocalOrganization({ folder: folder.path });

    const { body: repository } = await call(again, "GET", `${project}/_apis/git/repositories/iris`);
    expect(repository.defaultBranch).toBe("refs/heads/trunk");
  });
});

describe("items and commits", () => {
  beforeAll(isolateGit);

  test("are read by azure-devops-node-api: content, folders and history", async () => {
    await using place = await workplace();
    await place.commit("a.txt", "first\n");
    await place.commit("b.txt", "second\n");
    await place.git("push", "-q", place.url, "main");
    const api = await nodeApi(place.local).getGitApi();
    const id = place.repositoryId;

    const text = await streamText(await api.getItemText(id, "/a.txt", project));
    const items = await api.getItems(id, project, "/", VersionControlRecursionType.Full);
    const commits = await api.getCommits(id, { itemVersion: { version: "main" } }, project);
    const commit = await api.getCommit(commits[0]?.commitId ?? "", id, project);

    expect(text).toBe("first\n");
    expect(items.map(({ path, isFolder }) => [path, isFolder ?? false])).toEqual([
      ["/", true],
      ["/a.txt", false],
      ["/b.txt", false],
    ]);
    expect(commits.map(({ comment }) => comment)).toEqual(["b.txt", "a.txt"]);
    expect(commit.parents).toEqual([commits[1]?.commitId]);
    expect(place.local.unknownRoutes()).toEqual([]);
  });

  test("are found at a branch, a tag and a commit, and nowhere else", async () => {
    await using place = await workplace();
    await place.commit("a.txt", "first");
    await place.git("tag", "v1");
    await place.commit("a.txt", "second");
    await place.git("push", "-q", place.url, "main", "v1");
    const api = await nodeApi(place.local).getGitApi();
    const at = async (versionType: GitVersionType, version: string) => {
      const none = undefined;
      const where = [place.repositoryId, "/a.txt", project] as const;
      const item = await api.getItem(...where, none, none, none, none, none, { version, versionType }, true);
      return item === null ? "nowhere" : item.content;
    };
    const { body: history } = await call(
      place.local,
      "GET",
      `${project}/_apis/git/repositories/iris/commits`,
    );

    expect(await at(GitVersionType.Branch, "main")).toBe("second");
    expect(await at(GitVersionType.Tag, "v1")).toBe("first");
    expect(await at(GitVersionType.Commit, history.value[1].commitId)).toBe("first");
    expect(await at(GitVersionType.Commit, "main^{/a}")).toBe("nowhere");
    expect(await at(GitVersionType.Branch, "none")).toBe("nowhere");
  });
});

async function streamText(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
