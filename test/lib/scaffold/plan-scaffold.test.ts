import { describe, expect, test } from "@jest/globals";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { planScaffold, type ScaffoldPlan } from "../../../lib/scaffold/plan-scaffold.ts";
import type { TargetFolder } from "../../../lib/scaffold/read-target.ts";
import { anAnswers } from "../../support/an-answers.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const files = [
  { path: ".eac-model/answers.yml", mode: "100644" as const, bytes: bytes("model_name: iris\n") },
  { path: "README.md", mode: "100644" as const, bytes: bytes("# iris\n") },
];

function plan(target: Partial<TargetFolder>): ScaffoldPlan {
  return planScaffold({
    answers: anAnswers({ model_name: "iris", default_branch: "trunk" }),
    folder: "/models/iris",
    files,
    target: { exists: true, hasGitFolder: false, hasCommit: false, files: new Map(), ...target },
    generatorVersion: "1.2.3",
  });
}

function refusal(target: Partial<TargetFolder>): EacError {
  try {
    plan(target);
  } catch (error) {
    if (error instanceof EacError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("planScaffold", () => {
  test("creates a folder that does not exist, on the branch answered, without starting any pipeline", () => {
    const result = plan({ exists: false });

    expect(result).toMatchObject({
      action: "create",
      branch: "trunk",
      commitMessage: "Create iris from eac-model 1.2.3 [skip ci]",
    });
  });

  test.each([
    { name: "an empty folder", target: {} },
    { name: "a clone of an empty repository", target: { hasGitFolder: true } },
    { name: "what an interrupted run left", target: { files: new Map([["README.md", bytes("# iris\n")]]) } },
  ])("fills $name", ({ target }) => {
    expect(plan(target).action).toBe("fill");
  });

  test("keeps a repository made from the same answers, whatever was edited since", () => {
    const edited = new Map([
      [".eac-model/answers.yml", bytes("model_name: iris\n")],
      ["README.md", bytes("# my own words\n")],
      ["notes.txt", bytes("mine")],
    ]);

    expect(plan({ hasGitFolder: true, hasCommit: true, files: edited }).action).toBe("keep");
  });

  test("refuses a repository made from other answers and names them", () => {
    const other = new Map([[".eac-model/answers.yml", bytes("model_name: churn\n")]]);

    const error = refusal({ hasGitFolder: true, hasCommit: true, files: other });

    expect(error.code).toBe("EAC_SCAFFOLD_OTHER_ANSWERS");
    expect(error.message).toContain("model_name: iris");
    expect(error.exitCode).toBe(6);
  });

  test("refuses a folder with foreign files and names ten of them", () => {
    const foreign = new Map(
      Array.from({ length: 13 }, (_, index) => [`file-${10 + index}.txt`, bytes("x")] as const),
    );

    const error = refusal({ files: foreign });

    expect(error.code).toBe("EAC_SCAFFOLD_FOREIGN_FILES");
    expect(error.message).toContain("file-10.txt");
    expect(error.message).toContain("file-19.txt and 3 more");
  });

  test("refuses a file of ours with other content: it is somebody's work", () => {
    const error = refusal({ files: new Map([["README.md", bytes("# mine\n")]]) });

    expect(error.message).toContain("README.md");
  });

  test("refuses a git repository with commits that is no model repository", () => {
    expect(refusal({ hasGitFolder: true, hasCommit: true }).code).toBe("EAC_SCAFFOLD_FOREIGN_FILES");
  });
});
