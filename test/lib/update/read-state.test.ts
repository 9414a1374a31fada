import { describe, expect, test } from "@jest/globals";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import type { RenderedTree } from "../../../lib/template/rendered-tree.ts";
import { formatBaseline, parseBaseline } from "../../../lib/update/baseline.ts";
import {
  parseState,
  readState,
  type RepositoryState,
  type StateBytes,
} from "../../../lib/update/read-state.ts";
import { stateFiles } from "../../../lib/update/state-files.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function stateBytes(): Promise<Record<keyof StateBytes, Uint8Array>> {
  const answers = anAnswers();
  const templates = await readTemplates();
  const [answersFile, baseline, manifest] = stateFiles({
    answers,
    templates,
    tree: renderTree(templates, answers),
  });
  if (answersFile === undefined || baseline === undefined || manifest === undefined)
    throw new Error("no state");
  return { answers: answersFile.bytes, manifest: manifest.bytes, baseline: baseline.bytes };
}

async function failureAfter(change: (tree: RenderedTree) => RenderedTree): Promise<EacError> {
  const bytes = await stateBytes();
  const { tree, answersText } = parseBaseline(bytes.baseline);
  const baseline = formatBaseline({ tree: change(tree), answersText });
  try {
    parseState({ ...bytes, baseline });
  } catch (error) {
    if (error instanceof EacError) return error;
    throw error;
  }
  throw new Error("The change went unnoticed.");
}

describe("parseState", () => {
  test.each([
    {
      name: "a changed byte",
      change: (tree: RenderedTree) =>
        tree.map((file) => (file.path === "README.md" ? { ...file, bytes: Buffer.from("x") } : file)),
    },
    {
      name: "a changed mode",
      change: (tree: RenderedTree) =>
        tree.map((file) => (file.path === "README.md" ? { ...file, mode: "100755" as const } : file)),
    },
    {
      name: "a missing file",
      change: (tree: RenderedTree) => tree.filter(({ path }) => path !== "README.md"),
    },
  ])("notices $name in the baseline and names the file", async ({ change }) => {
    const error = await failureAfter(change);

    expect(error.code).toBe("EAC_UPDATE_BASELINE_MISMATCH");
    expect(error.message).toContain("README.md");
  });

  test("notices an additional file in the baseline", async () => {
    const error = await failureAfter((tree) => [
      ...tree,
      { path: "z.md", mode: "100644", bytes: Buffer.of() },
    ]);

    expect(error.message).toContain("z.md");
  });

  test("notices that manifest and baseline were made for another tree", async () => {
    const bytes = await stateBytes();
    const manifest = Buffer.from(bytes.manifest)
      .toString("utf8")
      .replace(/"treeSha256": "[0-9a-f]{64}"/, `"treeSha256": "${"0".repeat(64)}"`);

    expect(() => parseState({ ...bytes, manifest: Buffer.from(manifest) })).toThrow("treeSha256");
  });

  test("notices answers in the baseline that are not those of the manifest", async () => {
    const bytes = await stateBytes();
    const { tree, answersText } = parseBaseline(bytes.baseline);
    const baseline = formatBaseline({ tree, answersText: `${answersText}# mine\n` });

    expect(() => parseState({ ...bytes, baseline })).toThrow("the answers differ");
  });

  test("says when the answers were changed after the baseline was rendered", async () => {
    const bytes = await stateBytes();
    const answers = Buffer.concat([bytes.answers, Buffer.from("# mine\n")]);

    expect(parseState(bytes).answersEdited).toBe(false);
    expect(parseState({ ...bytes, answers }).answersEdited).toBe(true);
    expect(parseState({ ...bytes, answers }).answersText).toContain("# mine");
    expect(parseState({ ...bytes, answers }).baselineAnswersText).toBe(Buffer.from(bytes.answers).toString());
  });

  test.each(["answers", "manifest", "baseline"] as const)("names the missing file of %s", async (name) => {
    const bytes = { ...(await stateBytes()), [name]: undefined };

    expect(() => parseState(bytes)).toThrow(
      expect.objectContaining({ code: "EAC_UPDATE_STATE_MISSING", message: expect.stringContaining(name) }),
    );
  });
});

describe("parseState of a state that somebody changed", () => {
  test("gives what was written, or refuses with exit code 6, whichever byte is another", async () => {
    const bytes = await stateBytes();
    const whole = parseState(bytes);
    const damage = fc.record({
      file: fc.constantFrom("manifest" as const, "baseline" as const),
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      cut: fc.boolean(),
    });

    fc.assert(
      fc.property(damage, ({ file, at, byte, cut }) => {
        const damaged = Buffer.from(bytes[file]);
        const place = at % damaged.length;
        damaged[place] = byte;
        const state = { ...bytes, [file]: cut ? damaged.subarray(0, place) : damaged };

        const outcome = outcomeOf(() => parseState(state));

        if (outcome instanceof Error) expect(outcome).toMatchObject({ exitCode: 6 });
        else expect(outcome.baseline).toEqual(whole.baseline);
      }),
      { numRuns: 25 },
    );
  });

  test("never has a path outside the repository, whatever the manifest names", async () => {
    const bytes = await stateBytes();
    const manifest: { files: object } = JSON.parse(Buffer.from(bytes.manifest).toString("utf8"));
    const part = fc.constantFrom("..", ".", "", ".git", ".GIT", "git~1", "a", "C:", "nul\0", "a\\b", "x.");

    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const files = { ...manifest.files, [parts.join("/")]: Object.values(manifest.files)[0] };
        const state = { ...bytes, manifest: Buffer.from(JSON.stringify({ ...manifest, files })) };

        expect(() => parseState(state)).toThrow(expect.objectContaining({ exitCode: 6 }));
      }),
      { numRuns: 25 },
    );
  });
});

function outcomeOf(work: () => RepositoryState): RepositoryState | EacError {
  try {
    return work();
  } catch (error) {
    if (error instanceof EacError) return error;
    throw error;
  }
}

describe("readState", () => {
  test("reads what stateFiles wrote", async () => {
    await using folder = await temporaryFolder();
    const answers = anAnswers({ model_name: "churn" });
    const templates = await readTemplates();
    const tree = renderTree(templates, answers);
    for (const { path, bytes } of stateFiles({ answers, templates, tree })) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), bytes);
    }

    const state = await readState(folder.path);

    expect(state.baseline.map(({ path }) => path)).toEqual(tree.map(({ path }) => path));
    expect(state.answersText).toContain("model_name: churn");
  });

  test.each(["answers.yml", "baseline.json.gz", "manifest.json"])(
    "refuses %s that is a link, and never reads where it leads",
    async (name) => {
      await using folder = await temporaryFolder();
      const files = [".eac-model/answers.yml", ".eac-model/baseline.json.gz", ".eac-model/manifest.json"];
      await mkdir(join(folder.path, ".eac-model"));
      for (const path of files) await writeFile(join(folder.path, path), "");
      await rm(join(folder.path, ".eac-model", name));
      await symlink("/dev/zero", join(folder.path, ".eac-model", name));

      await expect(readState(folder.path)).rejects.toMatchObject({
        code: "EAC_UPDATE_STATE_INVALID",
        message: `.eac-model/${name} is damaged: it is not a plain file.`,
      });
    },
    10_000,
  );

  test("refuses a folder that no template made", async () => {
    await using folder = await temporaryFolder();

    await expect(readState(folder.path)).rejects.toMatchObject({ code: "EAC_UPDATE_STATE_MISSING" });
  });
});
