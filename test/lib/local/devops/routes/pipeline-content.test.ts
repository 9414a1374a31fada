import { describe, expect, test } from "@jest/globals";
import { parsePipeline } from "../../../../../lib/local/devops/routes/pipeline-content.ts";
import {
  repositoryKind,
  type RepositoryRecord,
} from "../../../../../lib/local/devops/routes/repository-record.ts";
import { aRequest } from "../../../../support/a-request.ts";

const repository: RepositoryRecord = { id: "r", projectId: "p", name: "iris", isDisabled: false };
const content = { name: "ci", process: { type: 2 }, repository: { id: "r" } };
const old = { variables: { token: { value: "hidden", isSecret: true } } };

describe("the variables of a pipeline", () => {
  test.each([
    { name: "keep a secret that comes without a value", given: { isSecret: true }, value: "hidden" },
    {
      name: "keep a secret that comes back as null",
      given: { isSecret: true, value: null },
      value: "hidden",
    },
    {
      name: "replace a secret that comes with a value",
      given: { isSecret: true, value: "new" },
      value: "new",
    },
  ])("$name", async ({ given, value }) => {
    await using request = await aRequest({});
    request.organization.put(repositoryKind, repository);

    const parsed = parsePipeline(request.organization, { ...content, variables: { token: given } }, old);

    expect(parsed.content["variables"]).toEqual({ token: { isSecret: true, value } });
  });
});
