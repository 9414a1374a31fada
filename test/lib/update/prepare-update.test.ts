import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { EacError } from "../../../lib/errors/eac-error.ts";
import type { Locals } from "../../../lib/template/locals.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import type { TemplateSet } from "../../../lib/template/template-set.ts";
import {
  prepareUpdate,
  type PreparedUpdate,
  type UpdateRequest,
} from "../../../lib/update/prepare-update.ts";
import { parseState, type RepositoryState } from "../../../lib/update/read-state.ts";
import { stateFiles, type StateInput } from "../../../lib/update/state-files.ts";
import { anAnswers } from "../../support/an-answers.ts";

function aState(input: Omit<StateInput, "tree">): RepositoryState {
  const tree = renderTree(input.templates, input.answers);
  const [answers, baseline, manifest] = stateFiles({ ...input, tree }).map(({ bytes }) => bytes);
  return parseState({ answers, baseline, manifest });
}

/** An update of a repository that was made from these templates and answers, where nothing but what is said changes. */
async function prepared(
  differences: Partial<Omit<UpdateRequest, "state">> & { readonly stored?: Partial<StateInput> } = {},
): Promise<PreparedUpdate> {
  const templates = await readTemplates();
  const { stored = {}, ...changes } = differences;
  const state = aState({ templates, answers: anAnswers(), ...stored });
  return prepareUpdate({ state, templates, answers: anAnswers(), ...changes });
}

function newer(templates: TemplateSet, changes: Partial<TemplateSet> = {}): TemplateSet {
  return { ...templates, version: "99.0.0", ...changes };
}

const bytesOf = (tree: RepositoryState["baseline"], name: string): Uint8Array | undefined =>
  tree.find(({ path }) => path === name)?.bytes;

const paths = (tree: ReadonlyMap<string, unknown>): readonly string[] => [...tree.keys()];

describe("prepareUpdate", () => {
  test("finds base and theirs alike where neither templates nor answers changed", async () => {
    const { input, from, to } = await prepared();

    expect(from).toBe(to);
    expect(input.theirs).toEqual(input.base);
    expect(input.theirsBefore).toBe(input.theirs);
    expect([...input.released, ...input.restored, ...input.renames]).toEqual([]);
  });

  test("refuses templates that are older than those of the repository", async () => {
    const templates = newer(await readTemplates());

    await expect(prepared({ stored: { templates } })).rejects.toMatchObject({
      code: "EAC_UPDATE_DOWNGRADE",
      exitCode: 6,
    });
  });

  test("names both versions in the labels of conflicts", async () => {
    const templates = await readTemplates();

    const { input } = await prepared({ templates: newer(templates) });

    expect(input.labels).toEqual({
      ours: "ours (repository)",
      base: `base (eac-model ${templates.version})`,
      theirs: "template (eac-model 99.0.0)",
    });
  });

  test("renders the new templates with the old answers too where answers changed", async () => {
    const { input } = await prepared({ answers: anAnswers({ serving: "rest" }) });

    expect(input.theirsBefore).toEqual(input.base);
    expect(paths(input.theirs)).toContain("src/rest_model/deploy_to_aci.py");
    expect(paths(input.theirsBefore)).not.toContain("src/rest_model/deploy_to_aci.py");
  });

  test("moves the model's folder with a changed answer", async () => {
    const { input } = await prepared({ answers: anAnswers({ model_folder: "iris" }) });

    expect(input.renames).toContainEqual({
      from: "demo_model/model_variables.yml",
      to: "iris/model_variables.yml",
    });
    expect(input.renames.every(({ from, to }) => input.base.has(from) && input.theirs.has(to))).toBe(true);
  });

  test("takes a file that has another's old name for a file of its own", async () => {
    const templates = await readTemplates();
    const renames = [{ from: "pyproject.toml", to: "src/cli.py" }];

    const { input } = await prepared({ templates: newer(templates, { renames }) });

    expect(input.renames).toEqual([]);
  });

  test("asks the new templates who owns a path, and the manifest where they do not have it", async () => {
    const templates = await readTemplates();
    const ownership = templates.ownership.filter(({ path }) => !path.startsWith("pipelines"));
    const files = templates.files.filter(({ path }) => path !== "pipelines/pr_pipeline.yml");

    const { input } = await prepared({ templates: newer(templates, { ownership, files }) });

    expect(input.ownerOf("pipelines/pr_pipeline.yml")).toBe("platform");
    expect(input.ownerOf("pipelines/ci_pipeline.yml")).toBe("team");
    expect(input.ownerOf("my_notes.txt")).toBe("team");
  });

  test("keeps what was released, adds what is, and takes back what is restored", async () => {
    const request = { release: ["src/cli.py"], restore: ["pyproject.toml"] };
    const stored = { released: ["pyproject.toml", ".gitattributes"] };

    const { input, stateAfter } = await prepared({ ...request, stored });

    const manifest = stateAfter({ entries: [] }).find(({ path }) => path.endsWith("manifest.json"));
    expect([...input.released].toSorted()).toEqual([".gitattributes", "src/cli.py"]);
    expect([...input.restored]).toEqual(["pyproject.toml"]);
    expect(JSON.parse(Buffer.from(manifest?.bytes ?? []).toString()).released).toEqual([
      ".gitattributes",
      "src/cli.py",
    ]);
  });

  test("starts from what a released file was last merged with, also under another name", async () => {
    const templates = await readTemplates();
    const files = templates.files.map((file) => {
      if (file.path === "src/cli.py") return { ...file, path: "src/command.py", render: () => Buffer.of(1) };
      return file.path === "src/config.py" ? { ...file, render: () => Buffer.of(2) } : file;
    });
    const renames = [{ from: "src/cli.py", to: "src/command.py" }];
    const last = renderTree(templates, anAnswers());

    const { stateAfter, targetSha256 } = await prepared({
      templates: newer(templates, { files, renames }),
      stored: { released: ["src/cli.py", "src/config.py"] },
    });

    const [answers, baseline, manifest] = stateAfter({ entries: [] }).map(({ bytes }) => bytes);
    const state = parseState({ answers, baseline, manifest });
    expect(bytesOf(state.baseline, "src/command.py")).toEqual(bytesOf(last, "src/cli.py"));
    expect(bytesOf(state.baseline, "src/config.py")).toEqual(bytesOf(last, "src/config.py"));
    expect(state.manifest.template.treeSha256).toBe(targetSha256);
  });

  test("leaves a released file released under the name that the templates give it", async () => {
    const templates = await readTemplates();
    const files = templates.files.map((file) =>
      file.path === "src/cli.py" ? { ...file, path: "src/command.py" } : file,
    );
    const renames = [{ from: "src/cli.py", to: "src/command.py" }];

    const { input } = await prepared({
      templates: newer(templates, { files, renames }),
      stored: { released: ["src/cli.py"] },
    });

    expect(input.released.has("src/command.py")).toBe(true);
  });

  test("starts from what a file of the team was last merged with, unless answers change it or it is wanted back", async () => {
    const templates = await readTemplates();
    const changed = ["demo_model/monitoring.yml", "demo_model/model_modules/data.py", "README.md"];
    const files = templates.files.map((file) =>
      changed.includes(file.path)
        ? {
            ...file,
            render: ({ answers }: Locals) =>
              Buffer.from(file.path === "README.md" ? answers.team_name : "new"),
          }
        : file,
    );
    const last = renderTree(templates, anAnswers());

    const { stateAfter } = await prepared({
      templates: newer(templates, { files }),
      answers: anAnswers({ team_name: "blue" }),
      restore: ["demo_model/model_modules/data.py"],
    });

    const [answers, baseline, manifest] = stateAfter({ entries: [] }).map(({ bytes }) => bytes);
    const tree = parseState({ answers, baseline, manifest }).baseline;
    expect(bytesOf(tree, "demo_model/monitoring.yml")).toEqual(bytesOf(last, "demo_model/monitoring.yml"));
    expect(bytesOf(tree, "demo_model/model_modules/data.py")).toEqual(Buffer.from("new"));
    expect(bytesOf(tree, "README.md")).toEqual(Buffer.from("blue"));
  });

  test("records a released file under its new name alone, declared or not", async () => {
    const templates = await readTemplates();
    const files = templates.files.map((file) =>
      file.path === "src/cli.py" ? { ...file, path: "src/command.py" } : file,
    );

    const { stateAfter } = await prepared({
      templates: newer(templates, { files }),
      stored: { released: ["src/cli.py", "src/config.py"] },
    });

    const manifest = stateAfter({ entries: [] }).find(({ path }) => path.endsWith("manifest.json"));
    expect(JSON.parse(Buffer.from(manifest?.bytes ?? []).toString()).released).toEqual([
      "src/command.py",
      "src/config.py",
    ]);
  });

  test.each([
    { name: "an unknown path", request: { release: ["src/clii.py"] }, says: "src/cli.py" },
    { name: "a path out of the folder", request: { restore: ["../src/cli.py"] }, says: "no such file" },
    { name: "a file of the team", request: { release: ["README.md"] }, says: "belongs to the team" },
    {
      name: "to release and restore the same file",
      request: { release: ["src/cli.py"], restore: ["src/cli.py"] },
      says: "--restore gives the same file back",
    },
    {
      name: "all paths at once",
      request: { release: ["README.md", "src/clii.py"], restore: ["no/such.py"] },
      says: "no/such.py is not possible: the templates have no such file",
    },
  ])("refuses $name", async ({ request, says }) => {
    const error: unknown = await prepared(request).catch((failure: unknown) => failure);

    expect(error).toMatchObject({ code: "EAC_UPDATE_PATH_NOT_MANAGED", exitCode: 64 });
    expect(error instanceof EacError ? `${error.message} ${error.hint}` : "").toContain(says);
  });

  test("keeps a baseline that holds the same, whatever bytes it was zipped to, and the record of resolved conflicts", async () => {
    const templates = await readTemplates();
    const tree = renderTree(templates, anAnswers());
    const [answers, written, manifest] = stateFiles({
      answers: anAnswers(),
      templates,
      tree,
      unresolved: ["src/cli.py"],
    }).map(({ bytes }) => bytes);
    const baseline = gzipSync(gunzipSync(written ?? Buffer.of()), { level: 1 });
    const state = parseState({ answers, baseline, manifest });

    const { stateAfter } = prepareUpdate({ state, templates, answers: anAnswers() });

    const bytes = stateAfter({ entries: [] }).map((file) => Buffer.from(file.bytes));
    expect(baseline.equals(written ?? Buffer.of())).toBe(false);
    expect(
      bytes.map((now, index) => now.equals([answers, baseline, manifest][index] ?? Buffer.of())),
    ).toEqual([true, true, true]);
  });

  test("records the paths of conflicts and the copies beside them as unresolved", async () => {
    const { stateAfter } = await prepared();
    const side = { base: undefined, ours: undefined, theirs: undefined };
    const entry = { verdict: "conflict", reason: "", before: undefined, after: undefined } as const;
    const sidecar = { path: "b.eac-new", mode: "100644", bytes: Buffer.of() } as const;

    const files = stateAfter({
      entries: [
        { ...entry, path: "a", conflict: { kind: "content", ...side } },
        { ...entry, path: "b", conflict: { kind: "binary", ...side, sidecar } },
        { ...entry, path: "c", verdict: "keep" },
      ],
    });

    const manifest = files.find(({ path }) => path.endsWith("manifest.json"));
    expect(JSON.parse(Buffer.from(manifest?.bytes ?? []).toString()).unresolved).toEqual([
      "a",
      "b",
      "b.eac-new",
    ]);
  });
});
