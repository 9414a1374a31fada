import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { runGit } from "../../lib/git/run-git.ts";
import { startLocalOrganization, type LocalOrganization } from "../../lib/local/start.ts";
import { isolateGit } from "../support/git-environment.ts";
import { call } from "../support/organization-client.ts";
import {
  differences,
  hasRecordings,
  readConversation,
  Replay,
  type Exchange,
  type Replayed,
} from "../support/recorded-conversation.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const describeWithRecordings = hasRecordings ? describe : describe.skip;

/** Projects that the recorded conversations found in place. */
const projects = ["buildtests", "PullRequestLiveTest", "RepoCreateListShowDeleteTests"];
const person = "v-sbestala@microsoft.com";

/** What is known to differ, by the place in the answer; everything else has to agree. */
const knownDifferences = new Set([
  // For a while after an import the service names no default branch.
  "+ $.repository.defaultBranch",
  // Nobody here has a name of his own choice, and no directory stands behind the people.
  "- $.authenticatedUser.customDisplayName",
  "- $.authorizedUser.customDisplayName",
  "- $.value[].customDisplayName",
  ...["PUID", "ComplianceValidated", "MetadataUpdateDate"].flatMap((name) =>
    ["", ".$type", ".$value"].map((part) => `- $.value[].properties.${name}${part}`),
  ),
]);

/** Makes what the conversations take for granted, by the same API. */
async function startFurnished() {
  const local = await startLocalOrganization({ projects });
  for (const project of projects) {
    const path = `${project}/_apis/git/repositories`;
    await call(local, "POST", path, { name: project });
  }
  await call(local, "POST", "_apis/graph/users", { principalName: person });
  return local;
}

/** Holds a conversation again; tells apart what was answered otherwise and which resources nobody answers for. */
async function replay(conversation: Replay, exchanges: readonly Exchange[], prepare = nothing) {
  const found: string[] = [];
  const unserved = new Set<string>();
  for (const exchange of exchanges) {
    await prepare(exchange);
    const replayed = await conversation.send(exchange);
    const at = `${exchange.method} ${exchange.path}`;
    if (replayed.status === 501) unserved.add(/importRequests/.exec(at)?.[0] ?? at);
    else found.push(...problems(exchange, replayed).map((text) => `${at} ${text}`));
  }
  return { found, unserved: [...unserved].toSorted() };
}

const nothing = (_exchange: Exchange): Promise<void> => Promise.resolve();

/** Puts into the repository of a conversation, at its first mention, what the service imported. */
function importing(local: LocalOrganization): (exchange: Exchange) => Promise<void> {
  let isDone = false;
  return async ({ path, method }) => {
    if (isDone || method !== "POST" || !path.includes("importRequests")) return;
    isDone = true;
    const { body } = await call(local, "GET", "PullRequestLiveTest/_apis/git/repositories");
    const { name } = body.value.at(-1);
    await pushBranches(`${local.url}/PullRequestLiveTest/_git/${name}`, local.token.reveal());
  };
}

/** main, and testbranch with one commit more. */
async function pushBranches(url: string, token: string): Promise<void> {
  await using folder = await temporaryFolder();
  const env = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${token}`,
  };
  await runGit(folder.path, ["init", "-q", "-b", "main"]);
  for (const branch of ["main", "testbranch"]) {
    await writeFile(join(folder.path, branch), branch);
    await runGit(folder.path, ["add", "."]);
    await runGit(folder.path, ["commit", "-qm", branch]);
    await runGit(folder.path, ["push", "-q", url, `HEAD:refs/heads/${branch}`], { env });
  }
}

function problems(recorded: Exchange, replayed: Replayed): string[] {
  const { status, type, answer } = recorded;
  return [
    ...(replayed.status === status ? [] : [`status ${replayed.status} instead of ${status}`]),
    ...(replayed.type === type ? [] : [`type ${replayed.type} instead of ${type}`]),
    ...differences(answer, replayed.answer).filter((text) => !knownDifferences.has(text)),
  ];
}

/** Makes the definitions that a recorded list shows, from what only their owner can have said about them. */
async function createDefinitions(local: LocalOrganization, conversation: Replay, recorded: Exchange) {
  const repository = await call(local, "GET", "buildtests/_apis/git/repositories/buildtests");
  for (const { id, name } of recorded.answer.value) {
    const { body } = await call(local, "POST", "buildtests/_apis/build/definitions", {
      name,
      comment: "Enable pipeline",
      process: { type: 2, yamlFilename: "azure-pipelines.yml" },
      queue: { name: "Azure Pipelines" },
      repository: {
        id: repository.body.id,
        type: "TfsGit",
        defaultBranch: "main",
        properties: {
          fullName: "buildtests",
          safeRepository: repository.body.id,
          reportBuildStatus: "true",
        },
      },
      triggers: [{ settingsSourceType: 2, triggerType: 2 }],
    });
    conversation.know(id, body.id);
  }
}

describeWithRecordings("conversations recorded with the service, skipped where ../shared is absent", () => {
  beforeAll(isolateGit);

  test.each([
    "test_boards_areas",
    "test_invoke_command_basic",
    "test_pipeline_folders",
    "test_pipeline_queues",
    "test_repos_createListShowDelete",
    "test_variable_group",
  ])("%s gets the same statuses and forms", async (name) => {
    await using local = await startFurnished();

    expect(await replay(new Replay(local), readConversation(name))).toEqual({
      found: [],
      unserved: [],
    });
  });

  test("about definitions get the same statuses and forms", async () => {
    await using local = await startFurnished();
    const conversation = new Replay(local);
    const exchanges = readConversation("test_build_definition_listShow");
    for (const exchange of exchanges.slice(0, 1)) await createDefinitions(local, conversation, exchange);

    expect(await replay(conversation, exchanges)).toEqual({ found: [], unserved: [] });
  });

  test("about policies get the same statuses and forms, but import no repository", async () => {
    await using local = await startFurnished();
    const exchanges = readConversation("test_repos_policies_createUpdateShowListDelete");

    expect(await replay(new Replay(local), exchanges)).toEqual({
      found: [],
      unserved: ["importRequests"],
    });
  });

  test("about pull requests get the same statuses and forms, but import no repository", async () => {
    await using local = await startFurnished();
    const exchanges = readConversation(
      "test_pull_request_createUpdateVoteListAbandonReactivateCompleteReviewers",
    );

    expect(await replay(new Replay(local), exchanges, importing(local))).toEqual({
      // The other repositories of the project were not recorded, and have no branch.
      found: ["GET PullRequestLiveTest/_apis/git/repositories - $.value[].defaultBranch"],
      unserved: ["importRequests"],
    });
  });
});
