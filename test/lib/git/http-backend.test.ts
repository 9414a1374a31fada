import { basename, dirname } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { initBareRepository, listRefs } from "../../../lib/git/bare-repository.ts";
import { serveGitHttp, type GitHttpReply, type GitHttpRequest } from "../../../lib/git/http-backend.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const noRefs = "0".repeat(40);

function requestTo(repository: string, difference: Partial<GitHttpRequest>): GitHttpRequest {
  return {
    root: dirname(repository),
    path: `/${basename(repository)}/info/refs`,
    method: "GET",
    query: "service=git-receive-pack",
    headers: {},
    body: Readable.from([]),
    userName: "tester",
    config: [["http.receivepack", "true"]],
    env: {},
    ...difference,
  };
}

function pushTo(repository: string, body: Readable): Promise<GitHttpReply> {
  return serveGitHttp(
    requestTo(repository, {
      path: `/${basename(repository)}/git-receive-pack`,
      method: "POST",
      query: "",
      headers: { "content-type": "application/x-git-receive-pack-request", "content-length": "100000" },
      body,
    }),
  );
}

async function textOf({ body }: GitHttpReply): Promise<string> {
  return Buffer.concat(await body.toArray()).toString("utf8");
}

describe("serveGitHttp", () => {
  beforeAll(isolateGit);

  test("answers with git's own status, headers and words", async () => {
    await using folder = await temporaryFolder();
    const repository = `${folder.path}/one.git`;
    await initBareRepository(repository);

    const reply = await serveGitHttp(requestTo(repository, {}));

    expect(reply.status).toBe(200);
    expect(reply.headers["content-type"]).toBe("application/x-git-receive-pack-advertisement");
    expect(await textOf(reply)).toContain(`${noRefs} capabilities^{}`);
  });

  test("answers 404 for a repository that is not there", async () => {
    await using folder = await temporaryFolder();

    const reply = await serveGitHttp(requestTo(`${folder.path}/none.git`, {}));

    expect(reply.status).toBe(404);
  });

  test("follows the settings of the request and not those of the person", async () => {
    await using folder = await temporaryFolder();
    const repository = `${folder.path}/one.git`;
    await initBareRepository(repository);

    const reply = await serveGitHttp(requestTo(repository, { config: [["http.receivepack", "false"]] }));

    expect(reply.status).toBe(403);
  });

  test("ends git, and changes nothing, when the client goes away in the middle of a push", async () => {
    await using folder = await temporaryFolder();
    const repository = `${folder.path}/one.git`;
    await initBareRepository(repository);
    const body = new PassThrough();
    const push = pushTo(repository, body);
    body.write(`0068${noRefs} ${"1".repeat(40)} refs/heads/main\n`);

    body.destroy();

    const reply = await push;
    await reply.body.toArray();
    await reply.ended;
    expect(await listRefs(repository)).toEqual([]);
  });

  test("ends git when the client is gone before git begins", async () => {
    await using folder = await temporaryFolder();
    const repository = `${folder.path}/one.git`;
    await initBareRepository(repository);
    const body = new PassThrough();
    body.destroy();

    const reply = await pushTo(repository, body);

    await reply.body.toArray();
    await expect(reply.ended).resolves.toBeUndefined();
  });
});
