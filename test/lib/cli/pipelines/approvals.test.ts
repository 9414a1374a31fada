import { describe, expect, test } from "@jest/globals";
import { approvals } from "../../../../lib/cli/pipelines/approvals.ts";
import { createContext } from "../../../../lib/cli/context.ts";

const request = { stage: "Deploy_QA", environment: "iris-qa" };

describe("an approval without a terminal", () => {
  const context = { ...createContext(true), ask: undefined };

  test.each([
    ["iris-qa", "approved"],
    ["QA", "approved"],
    ["deploy_qa", "approved"],
    [" all ", "approved"],
    ["prod", "rejected"],
    ["a", "rejected"],
    ["", "rejected"],
  ])("of --approve %j is %s", async (name, expected) => {
    const approve = approvals({ approved: [name], context, warn: () => undefined });

    expect(await approve(request)).toBe(expected);
  });

  test("that nobody gave says how to give it", async () => {
    const warnings: string[] = [];
    const approve = approvals({ approved: [], context, warn: (text) => void warnings.push(text) });

    expect(await approve(request)).toBe("rejected");
    expect(warnings).toEqual([
      "Nobody can be asked to approve iris-qa for the stage Deploy_QA; add --approve iris-qa.",
    ]);
  });
});

test("a person is asked one question at a time", async () => {
  const asked: string[] = [];
  const answers: ((yes: boolean) => void)[] = [];
  const context = {
    ...createContext(true),
    ask: async ([question]: readonly { readonly message?: unknown }[]) => {
      asked.push(String(question?.message));
      return { confirmed: await new Promise<boolean>((resolve) => void answers.push(resolve)) };
    },
  };
  const approve = approvals({ approved: [], context, warn: () => undefined });

  const first = approve(request);
  const second = approve({ stage: "Deploy_PROD", environment: "iris-prod" });
  await new Promise(setImmediate);
  expect(asked).toEqual(["Approve iris-qa for the stage Deploy_QA?"]);

  answers[0]?.(true);
  expect(await first).toBe("approved");
  await new Promise(setImmediate);
  answers[1]?.(false);
  expect(await second).toBe("rejected");
});
