import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { AnswersInput } from "../../../lib/answers/answers-input.ts";
import { readFolderAnswers } from "../../../lib/update/read-folder-answers.ts";
import { aManifest } from "../../support/work-tree.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const renamed = ({ owner, ...rest }: AnswersInput): AnswersInput => ({ ...rest, team_name: owner });

async function writeState(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, ".eac-model"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, ".eac-model", name), text);
}

describe("readFolderAnswers", () => {
  test("brings answers of an older schema to the newest form", async () => {
    await using folder = await temporaryFolder();
    await writeState(folder.path, {
      "answers.yml": "owner: red\n",
      "manifest.json": JSON.stringify(aManifest()),
    });

    const found = readFolderAnswers(folder.path, [renamed]);

    expect(found).toEqual({ answers: { team_name: "red" }, templatesVersion: "1.0.0" });
  });

  test("takes answers without a manifest as they are", async () => {
    await using folder = await temporaryFolder();
    await writeState(folder.path, { "answers.yml": "owner: red\n" });

    const found = readFolderAnswers(folder.path, [renamed]);

    expect(found).toEqual({ answers: { owner: "red" }, templatesVersion: undefined });
  });

  test("finds nothing in a folder without answers", async () => {
    await using folder = await temporaryFolder();

    expect(readFolderAnswers(folder.path)).toBeUndefined();
  });

  test("refuses a manifest that is damaged", async () => {
    await using folder = await temporaryFolder();
    await writeState(folder.path, { "answers.yml": "", "manifest.json": "{}" });

    expect(() => readFolderAnswers(folder.path)).toThrow("manifest.json is damaged");
  });
});
