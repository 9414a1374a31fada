import { describe, expect, test } from "@jest/globals";
import { blobHash } from "../../../lib/platform/blob-hash.ts";
import { planPlatform } from "../../../lib/platform/plan-platform.ts";
import type { PlatformFolder, PlatformPlan, TreeHashes } from "../../../lib/platform/platform-folder.ts";
import type { RenderedTree } from "../../../lib/template/rendered-tree.ts";

type Texts = Readonly<Record<string, string>>;
type Repository = Extract<PlatformFolder, { kind: "repository" }>;

const marker = ".eac-model/templates.yml";
const [a, b] = ["pipelines/templates/template_a.yml", "pipelines/templates/template_b.yml"];
const ours: Texts = { [marker]: "version: 2.0.0", "README.md": "About", [a]: "jobs: []", [b]: "steps: []" };
const before: Texts = { [marker]: "version: 1.0.0", "README.md": "Ours", [a]: "jobs: [1]", "own.yml": "x" };

const treeOf = (texts: Texts): RenderedTree =>
  Object.entries(texts).map(([path, text]) => ({ path, mode: "100644", bytes: Buffer.from(text) }));
const hashesOf = (texts: Texts): TreeHashes =>
  new Map(Object.entries(texts).map(([path, text]) => [path, blobHash(Buffer.from(text), 40)]));

const standing: Repository = {
  kind: "repository",
  branch: "main",
  version: "1.0.0",
  head: hashesOf(before),
  tags: new Map([["v1.0.0", hashesOf(before)]]),
  uncommitted: [],
};

function plan(present: PlatformFolder): PlatformPlan {
  return planPlatform({ folder: "/platform", version: "2.0.0", tree: treeOf(ours), present });
}

describe("the plan for the platform's repository", () => {
  test("writes everything where nothing is", () => {
    const planned = plan({ kind: "free", exists: false, hasGitFolder: false });

    expect(planned).toMatchObject({ action: "create", branch: "main", tag: "v2.0.0", removed: [] });
    expect(planned.files.map(({ path }) => path)).toEqual(Object.keys(ours));
  });

  test("replaces templates by those of the new version, and leaves all else to the platform team", () => {
    const gone = "pipelines/templates/template_gone.yml";
    const present = { ...before, [gone]: "x" };
    const planned = plan({
      ...standing,
      head: hashesOf(present),
      tags: new Map([["v1.0.0", hashesOf(present)]]),
    });

    expect(planned).toMatchObject({ action: "update", removed: [gone] });
    expect(planned.files.map(({ path }) => path)).toEqual([marker, a, b]);
  });

  test("does nothing where the tag holds this version, whatever came after it", () => {
    expect(plan({ ...standing, tags: new Map([["v2.0.0", hashesOf(ours)]]) }).action).toBe("keep");
  });

  test("sets the tag that an interrupted run left out", () => {
    expect(plan({ ...standing, version: "2.0.0", head: hashesOf({ ...ours, "own.yml": "x" }) }).action).toBe(
      "tag",
    );
  });

  test.each<readonly [string, Partial<Repository>, string]>([
    ["is no repository of templates", { version: undefined }, "EAC_PLATFORM_FOREIGN"],
    [
      "has the tag on other templates",
      { tags: new Map([["v2.0.0", hashesOf(before)]]) },
      "EAC_PLATFORM_TAG_TAKEN",
    ],
    ["holds a newer version", { version: "2.1.0", tags: new Map() }, "EAC_PLATFORM_NEWER"],
    ["has work that is not committed", { uncommitted: ["own.yml"] }, "EAC_PLATFORM_NOT_READY"],
    ["has no branch checked out", { branch: undefined }, "EAC_PLATFORM_NOT_READY"],
    ["has templates changed by hand", { head: hashesOf({ ...before, [a]: "mine" }) }, "EAC_PLATFORM_CHANGED"],
    ["has templates added by hand", { head: hashesOf({ ...before, [b]: "mine" }) }, "EAC_PLATFORM_CHANGED"],
  ])("refuses a folder that %s", (_what, differences, code) => {
    expect(() => plan({ ...standing, ...differences })).toThrow(expect.objectContaining({ code }));
  });
});
