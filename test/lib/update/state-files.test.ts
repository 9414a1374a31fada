import { expect, test } from "@jest/globals";
import { formatAnswers } from "../../../lib/answers/format-answers.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import { parseManifest } from "../../../lib/update/manifest.ts";
import { parseState } from "../../../lib/update/read-state.ts";
import { sha256 } from "../../../lib/update/sha256.ts";
import { stateFiles } from "../../../lib/update/state-files.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { everyCombination } from "../../support/every-combination.ts";

async function aState(answers = anAnswers()) {
  const templates = await readTemplates();
  const tree = renderTree(templates, answers);
  const files = stateFiles({ answers, templates, tree });
  return {
    templates,
    tree,
    files,
    bytesOf: (path: string) => files.find((file) => file.path === path)?.bytes,
  };
}

test("writes three plain files, sorted by path", async () => {
  const { files } = await aState();

  expect(files.map(({ path, mode }) => [path, mode])).toEqual([
    [".eac-model/answers.yml", "100644"],
    [".eac-model/baseline.json.gz", "100644"],
    [".eac-model/manifest.json", "100644"],
  ]);
});

test("gives the same bytes for the same answers", async () => {
  expect((await aState()).files).toEqual((await aState()).files);
});

test("describes every rendered file with its hash, mode and owner", async () => {
  const { tree, bytesOf, templates } = await aState();

  const manifest = parseManifest(Buffer.from(bytesOf(".eac-model/manifest.json") ?? []).toString("utf8"));

  expect(Object.keys(manifest.files)).toEqual(tree.map(({ path }) => path));
  expect(manifest.template.version).toBe(templates.version);
  expect(manifest.engines).toEqual(templates.engines);
  expect(manifest.answersSha256).toBe(sha256(Buffer.from(formatAnswers(anAnswers()))));
  expect(manifest.files["pipelines/ci_pipeline.yml"]).toEqual({
    mode: "100644",
    owner: "platform",
    sha256: sha256(tree.find(({ path }) => path === "pipelines/ci_pipeline.yml")?.bytes ?? Buffer.of()),
  });
  expect(manifest.files["demo_model/model_variables.yml"]?.owner).toBe("team");
});

test("keeps the rendered bytes of all 60 combinations so that they are read again unchanged", async () => {
  for (const answers of everyCombination) {
    const { tree, bytesOf } = await aState(answers);

    const state = parseState({
      answers: bytesOf(".eac-model/answers.yml"),
      manifest: bytesOf(".eac-model/manifest.json"),
      baseline: bytesOf(".eac-model/baseline.json.gz"),
    });

    expect(state.baseline.map(({ path }) => path)).toEqual(tree.map(({ path }) => path));
    expect(
      state.baseline.every(({ bytes }, index) => Buffer.compare(bytes, tree[index]?.bytes ?? bytes) === 0),
    ).toBe(true);
    expect(state.answersEdited).toBe(false);
  }
});
