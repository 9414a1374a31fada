import { expect, test } from "@jest/globals";
import { runLocal } from "../../../../lib/cli/commands/local.ts";
import { createContext } from "../../../../lib/cli/context.ts";

test.each(["abc", "-1", "1.5", ""])("approvals of run %j are wrong usage", async (text) => {
  const input = { positionals: ["approve"], flags: new Set<string>(), values: new Map([["run", [text]]]) };

  await expect(runLocal(input, createContext(true))).rejects.toMatchObject({
    code: "EAC_CLI_USAGE",
    message: `eac-model local: ${JSON.stringify(text)} is no number of a run.`,
  });
});
