import { describe, expect, test } from "@jest/globals";
import { pullRequestContent, updateMarker, type ProposedUpdate } from "../../../lib/fleet/proposal-text.ts";
import type { UpdateEntry, Verdict } from "../../../lib/update/update-plan.ts";

function anEntry(verdict: Verdict, path: string, reason = "the reason"): UpdateEntry {
  return { path, verdict, reason, before: undefined, after: undefined };
}

function anUpdate(differences: Partial<ProposedUpdate> = {}): ProposedUpdate {
  return {
    from: "1.0.0",
    to: "1.1.0",
    targetSha256: "ab".repeat(32),
    entries: [anEntry("update", "pipelines/ci_pipeline.yml")],
    changes: "## 1.1.0\n- a change",
    ...differences,
  };
}

describe("The pull request of an update", () => {
  test("names both versions, counts the verdicts, and says why each file changes", () => {
    const { title, description, isDraft } = pullRequestContent(
      anUpdate({
        entries: [anEntry("same", "a"), anEntry("same", "b"), anEntry("merge", "c", "both | changed")],
      }),
    );

    expect(title).toBe("Update to eac-model 1.1.0");
    expect(isDraft).toBe(false);
    expect(description).toContain("from the templates of eac-model 1.0.0 to those of 1.1.0");
    expect(description).toContain("Files: 1 merged with your changes, 2 unchanged.");
    expect(description).toContain(String.raw`| merge | ${"`c`"} | both \| changed |`);
    expect(description).toContain("### 1.1.0\n- a change");
    expect(description).not.toContain("| same |");
  });

  test("is a draft while a file needs a decision, and shows those files first", () => {
    const { description, isDraft } = pullRequestContent(
      anUpdate({ entries: [anEntry("add", "a"), anEntry("conflict", "z")] }),
    );

    expect(isDraft).toBe(true);
    expect(description).toContain("**1 file needs a decision**");
    expect(description.indexOf("`z`")).toBeLessThan(description.indexOf("`a`"));
  });

  test("shows from where a file moves, whatever its name holds", () => {
    const { description } = pullRequestContent(
      anUpdate({ entries: [{ ...anEntry("move", "new|`name.yml"), movedFrom: "old.yml" }] }),
    );

    expect(description).toContain("| move | `old.yml` → ``new\\|`name.yml`` | the reason |");
  });

  test.each([
    [500, 0],
    [0, 500],
    [500, 500],
    [12, 30],
    [5000, 1],
  ])(
    "with %i files and %i changes fits into 4,000 characters and says what it leaves out",
    (files, changes) => {
      const entries = Array.from({ length: files }, (_, index) =>
        anEntry("update", `src/folder/file_${index}.py`),
      );
      const lines = Array.from({ length: changes }, (_, index) => `- change number ${index}`);

      const { description } = pullRequestContent(anUpdate({ entries, changes: lines.join("\n") }));

      const named = [...description.matchAll(/^\| update \|/gm)].length;
      const told = [...description.matchAll(/^- change number/gm)].length;
      const [, left = "0"] = /^\| … \| (\d+) more \|/m.exec(description) ?? [];
      expect(description.length).toBeLessThanOrEqual(4000);
      expect(named + Number(left)).toBe(files);
      expect(named > 0 || files === 0).toBe(true);
      expect(told > 0 || changes === 0).toBe(true);
      expect(told < changes).toBe(description.includes("this is the beginning of the change log"));
    },
  );

  test("is known by its first line, which lists of the service show too", () => {
    const update = anUpdate();

    expect(pullRequestContent(update).description.startsWith(updateMarker(update))).toBe(true);
    expect(updateMarker(update)).not.toBe(updateMarker({ ...update, to: "1.2.0" }));
    expect(updateMarker(update)).not.toBe(updateMarker({ ...update, targetSha256: "cd".repeat(32) }));
  });
});
