import { describe, expect, test } from "@jest/globals";
import { nextSteps } from "../../../../lib/cli/update/next-steps.ts";
import type { Conflict, TreeEntry, UpdateEntry } from "../../../../lib/update/update-plan.ts";

const place = { folder: "/home/kim/my model", from: "1.1.0", to: "1.2.0" };
const file: TreeEntry = { path: "a b.yml", mode: "100644", bytes: Buffer.from("x") };

function aConflict(conflict: Partial<Conflict>): UpdateEntry {
  return {
    path: file.path,
    verdict: "conflict",
    reason: "",
    before: file,
    after: file,
    conflict: { kind: "content", base: file, ours: file, theirs: file, ...conflict },
  };
}

describe("nextSteps", () => {
  test("end with looking, committing and undoing, in words for a shell", () => {
    expect(nextSteps({ entries: [] }, place).map(({ command }) => command)).toEqual([
      "git -C '/home/kim/my model' diff HEAD",
      "git -C '/home/kim/my model' add --all . && git -C '/home/kim/my model' commit --message 'Update to eac-model 1.2.0'",
      "eac-model update '/home/kim/my model' --abort",
    ]);
  });

  test("say where new central templates come from, and who may use them", () => {
    const newTemplates = { project: undefined, name: "eac-model-platform", tag: "v1.2.0" };

    const steps = nextSteps({ entries: [] }, { ...place, newTemplates });

    expect(steps.map(({ command }) => command)).toEqual(
      expect.arrayContaining([
        "eac-model platform templates eac-model-platform",
        "eac-model provision '/home/kim/my model'",
      ]),
    );
    expect(steps.map(({ text }) => text).join("\n")).toContain("eac-model-platform at v1.2.0");
  });

  test("call an update within one version by what it applies", () => {
    const commands = nextSteps({ entries: [] }, { ...place, from: "1.2.0" }).map(({ command }) => command);

    expect(commands[1]).toContain("--message 'Apply new answers of eac-model'");
  });

  test.each<{ name: string; conflict: Partial<Conflict>; says: RegExp }>([
    { name: "lines", conflict: {}, says: /between <<<<<<< and >>>>>>>/ },
    {
      name: "a file that the template deleted",
      conflict: { kind: "modify-delete", theirs: undefined },
      says: /git rm/,
    },
    { name: "a mode", conflict: { kind: "mode" }, says: /executable/ },
    {
      name: "a file that is no text",
      conflict: { kind: "binary", sidecar: { ...file, path: "a b.yml.eac-new" } },
      says: /a b\.yml\.eac-new is the template's/,
    },
  ])("say how to decide about $name", ({ conflict, says }) => {
    const [step] = nextSteps({ entries: [aConflict(conflict)] }, place);

    expect(step?.text).toMatch(says);
    expect(step?.command).toBe("git -C '/home/kim/my model' add -- 'a b.yml'");
  });

  test("take a file that something stands in the way of out of the index, where git cannot add it", () => {
    const sidecar = { ...file, path: "a b.yml.eac-new" };
    const entry = aConflict({ kind: "type", base: undefined, ours: undefined, sidecar });

    const [step] = nextSteps({ entries: [entry] }, place);

    expect(step?.command).toBe("git -C '/home/kim/my model' update-index --force-remove -- 'a b.yml'");
  });

  test("name the command for a lock file", () => {
    const entry: UpdateEntry = {
      path: "poetry.lock",
      verdict: "regenerate",
      reason: "Run poetry lock.",
      before: file,
      after: file,
    };

    expect(nextSteps({ entries: [entry] }, place)[0]?.text).toBe("poetry.lock: Run poetry lock.");
  });
});
