import { describe, expect, test } from "@jest/globals";
import { runYaml } from "../../../support/run-yaml.ts";

describe("a run", () => {
  test("runs the steps of a job in order and passes variables on", async () => {
    const run = await runYaml(`
variables:
  - name: GREETING
    value: hello $(WHO)
  - name: WHO
    value: world
steps:
  - checkout: none
  - bash: |
      echo "##vso[task.setvariable variable=NEXT]second"
      echo "$GREETING"
  - bash: echo "$(NEXT) $NEXT $(date -u +%Y | wc -l)"
`);

    expect(run.outcome.result).toBe("succeeded");
    expect(run.lines).toEqual(["hello world", "second second 1"]);
  });
});
