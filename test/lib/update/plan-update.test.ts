import { describe, expect, test } from "@jest/globals";
import type { Owner } from "../../../lib/template/ownership.ts";
import { planUpdate } from "../../../lib/update/plan-update.ts";
import type { UpdateEntry } from "../../../lib/update/update-plan.ts";
import {
  anUpdate,
  changesOf,
  entryAt,
  textsOf,
  treeAfter,
  type Content,
  type Contents,
} from "../../support/trees.ts";

interface Sides {
  readonly base?: Content;
  readonly ours?: Content;
  readonly theirs?: Content;
}

function contents(content: Content | undefined): Contents {
  return content === undefined ? {} : { file: content };
}

function crlf(value: string): string {
  return value.replaceAll("\n", "\r\n");
}

function ownerOf(): Owner {
  return "team";
}

function sixtyLines(index: number): string {
  return Array.from({ length: 60 }, (_, line) => `line ${line} of ${index}\n`).join("");
}

/** The plan for one file. */
function planFile({ base, ours, theirs }: Sides): UpdateEntry {
  return entryAt(
    planUpdate(anUpdate({ base: contents(base), ours: contents(ours), theirs: contents(theirs) })),
    "file",
  );
}

function textOf({ after }: UpdateEntry): string | undefined {
  return after && Buffer.from(after.bytes).toString();
}

const lines = "one\ntwo\nthree\nfour\nfive\n";
const executable = { mode: "100755", bytes: lines } as const;
const link = { mode: "120000", bytes: "target" } as const;

describe("planUpdate decides about a file of the platform", () => {
  test.each<Sides & { readonly verdict: string; readonly text: string | undefined; readonly when: string }>([
    { when: "nobody changed it", base: "a", ours: "a", theirs: "a", verdict: "same", text: "a" },
    { when: "both changed it alike", base: "a", ours: "b", theirs: "b", verdict: "same", text: "b" },
    { when: "both deleted it", base: "a", verdict: "same", text: undefined },
    { when: "the template changed it", base: "a", ours: "a", theirs: "b", verdict: "update", text: "b" },
    { when: "the template deleted it", base: "a", ours: "a", verdict: "delete", text: undefined },
    { when: "the template added it", theirs: "b", verdict: "add", text: "b" },
    { when: "the repository changed it", base: "a", ours: "b", theirs: "a", verdict: "keep", text: "b" },
    { when: "the repository deleted it", base: "a", theirs: "a", verdict: "keep", text: undefined },
    { when: "the repository added it", ours: "b", verdict: "keep", text: "b" },
    { when: "both added the same", ours: "b", theirs: "b", verdict: "same", text: "b" },
    {
      when: "it was deleted here and changed there",
      base: "a",
      theirs: "b",
      verdict: "stay-deleted",
      text: undefined,
    },
  ])("when $when: $verdict", ({ verdict, text, ...sides }) => {
    const entry = planFile(sides);

    expect(entry.verdict).toBe(verdict);
    expect(textOf(entry)).toBe(text);
    expect(entry.conflict).toBeUndefined();
    expect(entry.reason).toMatch(/^[A-Z].*\.$/);
  });

  test("takes line ends for no change, and keeps them", () => {
    const changed = lines.replace("five", "FIVE");

    const updated = planFile({ base: lines, ours: crlf(lines), theirs: changed });
    const same = planFile({ base: lines, ours: crlf(lines), theirs: lines });

    expect([updated.verdict, updated.reason]).toEqual([
      "update",
      "Only the template changed it; line ends are as here.",
    ]);
    expect(textOf(updated)).toBe(crlf(changed));
    expect([same.verdict, textOf(same)]).toEqual(["same", crlf(lines)]);
  });

  test("merges what both changed in different places", () => {
    const entry = planFile({
      base: lines,
      ours: lines.replace("one", "ONE"),
      theirs: lines.replace("five", "FIVE"),
    });

    expect(entry.verdict).toBe("merge");
    expect(textOf(entry)).toBe("ONE\ntwo\nthree\nfour\nFIVE\n");
  });

  test.each<Sides & { readonly kind: string; readonly keeps: string; readonly when: string }>([
    {
      when: "it was changed here and deleted there",
      kind: "modify-delete",
      base: "a",
      ours: "b",
      keeps: "b",
    },
    { when: "it is a link here", kind: "type", base: "a", ours: link, theirs: "b", keeps: "target" },
    {
      when: "it is binary",
      kind: "binary",
      base: "\0a",
      ours: "\0b",
      theirs: "\0c",
      keeps: "\0b",
    },
    {
      when: "links lead to different places",
      kind: "binary",
      base: link,
      ours: { ...link, bytes: "here" },
      theirs: { ...link, bytes: "there" },
      keeps: "here",
    },
    { when: "only modes of added files differ", kind: "mode", ours: executable, theirs: lines, keeps: lines },
  ])("keeps the repository's version when $when", ({ kind, keeps, base, ours, theirs }) => {
    const sides = {
      ...(base === undefined ? {} : { base }),
      ...(ours === undefined ? {} : { ours }),
      ...(theirs === undefined ? {} : { theirs }),
    };

    const entry = planFile(sides);

    expect([entry.verdict, entry.conflict?.kind]).toEqual(["conflict", kind]);
    expect(textOf(entry)).toBe(keeps);
    expect(entry.conflict?.ours).toBe(entry.before);
  });

  test("keeps the template's version of a binary file beside it", () => {
    const entry = planFile({ base: "\0a", ours: "\0b", theirs: "\0c" });

    expect(entry.conflict?.sidecar?.path).toBe("file.eac-new");
    expect(Buffer.from(entry.conflict?.sidecar?.bytes ?? []).toString()).toBe("\0c");
  });

  test("shows the three sides of text that both changed, and tells them", () => {
    const entry = planFile({ base: "a\n", ours: "b\n", theirs: "c\n" });

    expect(textOf(entry)).toContain("<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n");
    expect(entry.conflict).toMatchObject({
      kind: "content",
      base: { bytes: Buffer.from("a\n") },
      ours: { bytes: Buffer.from("b\n") },
      theirs: { bytes: Buffer.from("c\n") },
    });
  });

  test("tells text that both added from text that both changed", () => {
    expect(planFile({ ours: "b\n", theirs: "c\n" }).conflict?.kind).toBe("add-add");
  });

  test.each([
    { base: lines, ours: executable, theirs: "new\n", text: "new\n" },
    { base: lines, ours: "new\n", theirs: executable, text: "new\n" },
  ])("merges the mode apart from the content", ({ text, ...sides }) => {
    const entry = planFile(sides);

    expect([entry.after?.mode, textOf(entry)]).toEqual(["100755", text]);
    expect(entry.conflict).toBeUndefined();
  });

  test("deletes a file that only git's line endings changed", () => {
    expect(planFile({ base: lines, ours: lines.replaceAll("\n", "\r\n") }).verdict).toBe("delete");
  });

  test("takes away a mode that the template took away", () => {
    expect(planFile({ base: executable, ours: executable, theirs: lines }).after?.mode).toBe("100644");
  });

  test("never merges a lock file, and names the command that writes it", () => {
    const plan = planUpdate(
      anUpdate({ base: { "uv.lock": "a\n" }, ours: { "uv.lock": "b\n" }, theirs: { "uv.lock": "c\n" } }),
    );

    const entry = entryAt(plan, "uv.lock");
    expect([entry.verdict, textOf(entry)]).toEqual(["regenerate", "b\n"]);
    expect(entry.reason).toContain('"uv lock"');
  });
});

describe("planUpdate follows a file that moved", () => {
  const text = `${lines}six\nseven\neight\n`;
  const edited = text.replace("one", "ONE");

  test("with the edits in it, where the template says so", () => {
    const renames = [{ from: "old", to: "new" }];
    const plan = planUpdate(
      anUpdate(
        { base: { old: "a\nb\nc\n" }, ours: { old: "A\nb\nc\n" }, theirs: { new: "a\nb\nC\n" } },
        { renames },
      ),
    );

    const entry = entryAt(plan, "new");
    expect([entry.verdict, entry.movedFrom, textOf(entry)]).toEqual(["move", "old", "A\nb\nC\n"]);
    expect(plan.entries).toHaveLength(1);
  });

  test("when the template moved it as it was", () => {
    const plan = planUpdate(anUpdate({ base: { old: text }, ours: { old: edited }, theirs: { new: text } }));

    expect(entryAt(plan, "new")).toMatchObject({ verdict: "move", movedFrom: "old" });
    expect(textOf(entryAt(plan, "new"))).toBe(edited);
  });

  test("when the template moved it and changed some of its lines", () => {
    const theirs = { new: text.replace("eight", "EIGHT") };
    const plan = planUpdate(anUpdate({ base: { old: text }, ours: { old: edited }, theirs }));

    expect(textOf(entryAt(plan, "new"))).toBe(edited.replace("eight", "EIGHT"));
  });

  test("in the repository, and merges the template's change there", () => {
    const plan = planUpdate(
      anUpdate({
        base: { old: text },
        ours: { mine: edited },
        theirs: { old: text.replace("eight", "EIGHT") },
      }),
    );

    const entry = entryAt(plan, "mine");
    expect([entry.verdict, textOf(entry)]).toEqual(["merge", edited.replace("eight", "EIGHT")]);
    expect(entry.reason).toContain("old");
  });

  test("on both sides to the same place", () => {
    const plan = planUpdate(anUpdate({ base: { old: text }, ours: { new: edited }, theirs: { new: text } }));

    expect(entryAt(plan, "new")).toMatchObject({ verdict: "keep" });
  });

  test("on both sides to different places, which is a conflict", () => {
    const plan = planUpdate(anUpdate({ base: { old: text }, ours: { mine: edited }, theirs: { new: text } }));

    const entry = entryAt(plan, "mine");
    expect([entry.verdict, entry.conflict?.kind, textOf(entry)]).toEqual(["conflict", "path", edited]);
    expect(entry.conflict?.sidecar?.path).toBe("mine.eac-new");
  });

  test("and stays deleted where it was deleted before it moved", () => {
    const plan = planUpdate(anUpdate({ base: { old: text }, theirs: { new: text } }));

    expect(plan.entries).toHaveLength(1);
    expect(entryAt(plan, "new").verdict).toBe("stay-deleted");
  });

  test("though git turned all line endings", () => {
    const plan = planUpdate(
      anUpdate({
        base: { old: text },
        ours: { mine: crlf(edited) },
        theirs: { old: text.replace("eight", "EIGHT") },
      }),
    );

    expect(textOf(entryAt(plan, "mine"))).toBe(crlf(edited.replace("eight", "EIGHT")));
  });

  test("only where one file fits best", () => {
    const plan = planUpdate(
      anUpdate({ base: { old: text }, ours: { old: edited }, theirs: { a: text, b: text } }),
    );

    expect(entryAt(plan, "old").conflict?.kind).toBe("modify-delete");
    expect(entryAt(plan, "a").verdict).toBe("add");
  });

  test("not onto a file that the team has there already", () => {
    const plan = planUpdate(
      anUpdate({ base: { old: text }, ours: { old: edited, new: "mine\n" }, theirs: { new: text } }),
    );

    expect(entryAt(plan, "old").conflict?.kind).toBe("modify-delete");
    expect(entryAt(plan, "new").conflict?.kind).toBe("add-add");
  });

  test("when two files change places", () => {
    const other = "1\n2\n3\n4\n";
    const input = anUpdate(
      { base: { a: text, b: other }, ours: { a: edited, b: other }, theirs: { a: other, b: text } },
      {
        renames: [
          { from: "a", to: "b" },
          { from: "b", to: "a" },
        ],
      },
    );

    expect(textsOf(treeAfter(input.ours, planUpdate(input)))).toEqual({ a: other, b: edited });
  });

  test("into the place of one that goes", () => {
    const renames = [{ from: "b", to: "a" }];
    const input = anUpdate(
      { base: { a: "gone\n", b: text }, ours: { a: "gone\n", b: edited }, theirs: { a: text } },
      { renames },
    );

    const plan = planUpdate(input);

    expect(textsOf(treeAfter(input.ours, plan))).toEqual({ a: edited });
    expect(new Set(plan.entries.map(({ path }) => path)).size).toBe(plan.entries.length);
  });
});

describe("planUpdate finds what cannot be in one tree", () => {
  test("a file of the repository where the template needs a folder", () => {
    const plan = planUpdate(anUpdate({ ours: { a: "file\n" }, theirs: { "a/b/c": "new\n" } }));

    const entry = entryAt(plan, "a/b/c");
    expect([entry.conflict?.kind, entry.after]).toEqual(["type", undefined]);
    expect(entry.conflict?.sidecar?.path).toBe("a-b-c.eac-new");
    expect(entryAt(plan, "a").verdict).toBe("keep");
  });

  test("a link of the repository where the template needs a folder", () => {
    const plan = planUpdate(anUpdate({ ours: { src: link }, theirs: { "src/a.py": "new\n" } }));

    expect(entryAt(plan, "src/a.py")).toMatchObject({ verdict: "conflict", after: undefined });
  });

  test("a folder of the repository where the template adds a file", () => {
    const plan = planUpdate(anUpdate({ ours: { "a/b": "file\n" }, theirs: { a: "new\n" } }));

    expect(entryAt(plan, "a").conflict?.sidecar?.path).toBe("a.eac-new");
  });

  test("but not where what stands in the way goes in the same update", () => {
    const input = anUpdate({ base: { a: "old\n" }, ours: { a: "old\n" }, theirs: { "a/b": "new\n" } });

    expect(textsOf(treeAfter(input.ours, planUpdate(input)))).toEqual({ "a/b": "new\n" });
  });

  test("names that differ in letter case only", () => {
    const plan = planUpdate(anUpdate({ ours: { "Read.md": "mine\n" }, theirs: { "read.md": "new\n" } }));

    expect(entryAt(plan, "read.md").conflict).toMatchObject({
      kind: "path",
      sidecar: { path: "read.md.eac-new" },
    });
    expect(entryAt(plan, "Read.md").verdict).toBe("keep");
  });

  test("names that differ in how an accent is written", () => {
    const plan = planUpdate(anUpdate({ ours: { "e\u0301.md": "mine\n" }, theirs: { "\u00e9.md": "new\n" } }));

    expect(entryAt(plan, "\u00e9.md").conflict?.kind).toBe("path");
  });

  test("but not a template's own change of letter case", () => {
    const input = anUpdate({ base: { Read: lines }, ours: { Read: lines }, theirs: { read: lines } });

    expect(textsOf(treeAfter(input.ours, planUpdate(input)))).toEqual({ read: lines });
  });

  test("and puts the template's version under a free name", () => {
    const ours = { file: "\0b", "file.eac-new": "mine", "FILE.eac-new-2": "mine" };
    const plan = planUpdate(anUpdate({ base: { file: "\0a" }, ours, theirs: { file: "\0c" } }));

    expect(entryAt(plan, "file").conflict?.sidecar?.path).toBe("file.eac-new-3");
  });

  test.each([
    "../out",
    "/etc/passwd",
    "a/../../b",
    ".git/hooks/pre-commit",
    "C:\\x",
    "a\0b",
    "a//b",
    "sub/.GIT/config",
  ])("and refuses templates that make the path %j", (path) => {
    expect(() => planUpdate(anUpdate({ theirs: { [path]: "x" } }))).toThrow("unsafe path");
  });
});

describe("planUpdate leaves alone", () => {
  test("what the team took over, whatever became of it", () => {
    const released = new Set(["a", "b"]);
    const plan = planUpdate(
      anUpdate({ base: { a: "1", b: "1" }, ours: { a: "2" }, theirs: { a: "3", b: "3" } }, { released }),
    );

    expect(plan.entries.map(({ verdict }) => verdict)).toEqual(["released", "released"]);
    expect(changesOf(plan)).toEqual([]);
  });

  test.each<Sides & { readonly when: string }>([
    { when: "changed by a new template", base: "1", ours: "1", theirs: "2" },
    { when: "changed by both", base: "1", ours: "2", theirs: "3" },
    { when: "deleted by the template", base: "1", ours: "1" },
    { when: "deleted by the team", base: "1", theirs: "2" },
    { when: "added by both", ours: "1", theirs: "2" },
  ])("a team's file $when", ({ base, ours, theirs }) => {
    const plan = planUpdate(
      anUpdate({ base: contents(base), ours: contents(ours), theirs: contents(theirs) }, { ownerOf }),
    );

    expect(plan.entries.map(({ verdict }) => verdict)).toEqual(["team"]);
    expect(changesOf(plan)).toEqual([]);
  });

  test("a team's file that a new template has under another name", () => {
    const renames = [{ from: "old", to: "new" }];
    const trees = { base: { old: "1" }, ours: { old: "mine" }, theirs: { new: "1" } };

    expect(changesOf(planUpdate(anUpdate(trees, { ownerOf, renames })))).toEqual([]);
  });

  test("a team's file that a new template has something alike for", () => {
    const trees = { base: { old: lines }, ours: { old: `${lines}mine\n` }, theirs: { new: lines } };

    const plan = planUpdate(anUpdate(trees, { ownerOf }));

    expect(entryAt(plan, "old").verdict).toBe("team");
    expect(entryAt(plan, "new").verdict).toBe("add");
  });

  test("but adds a new file for the team", () => {
    expect(entryAt(planUpdate(anUpdate({ theirs: { file: "new" } }, { ownerOf })), "file").verdict).toBe(
      "add",
    );
  });
});

describe("planUpdate with changed answers", () => {
  test("merges what the answers make different in a team's file, and nothing else of the new template", () => {
    const plan = planUpdate(
      anUpdate(
        {
          base: { file: "one\ntwo\nthree\nfour\nbatch\n" },
          ours: { file: "mine\ntwo\nthree\nfour\nbatch\n" },
          theirsBefore: { file: "one\ntwo\nnew three\nfour\nbatch\n" },
          theirs: { file: "one\ntwo\nnew three\nfour\nrest\n" },
        },
        { ownerOf },
      ),
    );

    expect(entryAt(plan, "file").conflict?.kind ?? textOf(entryAt(plan, "file"))).toBe(
      "mine\ntwo\nthree\nfour\nrest\n",
    );
  });

  test("gives the team the whole new file where it never touched the old one", () => {
    const plan = planUpdate(
      anUpdate(
        {
          base: { file: "old\nbatch\n" },
          ours: { file: "old\nbatch\n" },
          theirsBefore: { file: "new\nbatch\n" },
          theirs: { file: "new\nrest\n" },
        },
        { ownerOf },
      ),
    );

    expect(textOf(entryAt(plan, "file"))).toBe("new\nrest\n");
  });

  test("takes away a team's file only as it was given", () => {
    const base = { kept: "1\n", edited: "1\n" };
    const plan = planUpdate(
      anUpdate({ base, ours: { kept: "1\n", edited: "2\n" }, theirs: {}, theirsBefore: base }, { ownerOf }),
    );

    expect(entryAt(plan, "kept").verdict).toBe("delete");
    expect(entryAt(plan, "edited").conflict?.kind).toBe("modify-delete");
    expect(textOf(entryAt(plan, "edited"))).toBe("2\n");
  });

  test("adds a team's file that the answers ask for, and keeps one that is there", () => {
    const plan = planUpdate(
      anUpdate(
        { ours: { there: "mine" }, theirs: { there: "new", new: "new" }, theirsBefore: {} },
        { ownerOf },
      ),
    );

    expect(entryAt(plan, "new").verdict).toBe("add");
    expect([entryAt(plan, "there").verdict, textOf(entryAt(plan, "there"))]).toEqual(["team", "mine"]);
  });

  test("keeps a team's file whose new name another file has, and asks", () => {
    const plan = planUpdate(
      anUpdate(
        {
          base: { "demo/a": lines },
          ours: { "demo/a": lines, "iris/a": "another file\n" },
          theirs: { "iris/a": lines },
          theirsBefore: { "demo/a": lines },
        },
        { ownerOf, renames: [{ from: "demo/a", to: "iris/a" }] },
      ),
    );

    const entry = entryAt(plan, "demo/a");
    expect(entry).toMatchObject({
      verdict: "conflict",
      reason: "The answers moved it to iris/a, but another file is there.",
      conflict: { kind: "path", sidecar: { path: "demo/a.eac-new" } },
    });
    expect(textOf(entry)).toBe(lines);
    expect(textOf(entryAt(plan, "iris/a"))).toBe("another file\n");
  });

  test("leaves a team's file alone that only the template gives a name that another file has", () => {
    const input = anUpdate(
      { base: { a: lines }, ours: { a: lines, b: "another file\n" }, theirs: { b: lines } },
      { ownerOf, renames: [{ from: "a", to: "b" }] },
    );

    expect(planUpdate(input).entries.map(({ path, verdict }) => [path, verdict])).toEqual([
      ["a", "team"],
      ["b", "team"],
    ]);
  });

  test("moves the team's files with a folder that has another name now", () => {
    const renames = [{ from: "old_model/a.py", to: "new_model/a.py" }];
    const before = { "old_model/a.py": "1\n" };
    const input = anUpdate(
      {
        base: before,
        ours: { "old_model/a.py": "mine\n" },
        theirs: { "new_model/a.py": "1\n" },
        theirsBefore: before,
      },
      { ownerOf, renames },
    );

    expect(textsOf(treeAfter(input.ours, planUpdate(input)))).toEqual({ "new_model/a.py": "mine\n" });
  });

  test.each<Readonly<Record<"when" | "reason", string>> & Sides & { readonly theirsBefore?: Content }>([
    {
      when: "answers changed it",
      base: "a",
      ours: "a",
      theirs: "b",
      theirsBefore: "a",
      reason: "Only the answers changed it.",
    },
    {
      when: "the template changed it",
      base: "a",
      ours: "a",
      theirs: "b",
      theirsBefore: "b",
      reason: "Only the template changed it.",
    },
    {
      when: "both changed it",
      base: "a",
      ours: "a",
      theirs: "c",
      theirsBefore: "b",
      reason: "Only the template and the answers changed it.",
    },
    { when: "answers add it", theirs: "b", reason: "It is new with these answers." },
    {
      when: "answers drop it",
      base: "a",
      ours: "a",
      theirsBefore: "a",
      reason: "With these answers there is no such file.",
    },
    {
      when: "answers drop what was changed",
      base: "a",
      ours: "b",
      theirsBefore: "a",
      reason: "It was changed here, and with these answers there is no such file.",
    },
    {
      when: "answers change what was deleted",
      base: "a",
      theirs: "b",
      theirsBefore: "a",
      reason: "It was deleted here, and the answers changed it. Bring it back with --restore file.",
    },
  ])("says who changed a file of the platform where $when", ({ reason, theirsBefore, ...sides }) => {
    const input = anUpdate({
      base: contents(sides.base),
      ours: contents(sides.ours),
      theirs: contents(sides.theirs),
      theirsBefore: contents(theirsBefore),
    });

    expect(entryAt(planUpdate(input), "file").reason).toBe(reason);
  });

  test("says that answers moved a file of the platform", () => {
    const entry = entryAt(
      planUpdate(
        anUpdate(
          { base: { a: lines }, ours: { a: lines }, theirs: { b: lines }, theirsBefore: { a: lines } },
          { renames: [{ from: "a", to: "b" }] },
        ),
      ),
      "b",
    );

    expect(entry.reason).toBe("The answers moved it.");
  });

  test("tells that a deleted file of the team would be another one now", () => {
    const plan = planUpdate(
      anUpdate({ base: { file: "1" }, theirsBefore: { file: "1" }, theirs: { file: "2" } }, { ownerOf }),
    );

    expect(entryAt(plan, "file").verdict).toBe("stay-deleted");
  });
});

describe("planUpdate brings back", () => {
  test.each<Owner>(["platform", "team"])("a deleted file of the %s that is asked for", (owner) => {
    const plan = planUpdate(
      anUpdate(
        { base: { file: "1" }, theirs: { file: "1" } },
        { restored: new Set(["file"]), ownerOf: () => owner },
      ),
    );

    expect([entryAt(plan, "file").verdict, textOf(entryAt(plan, "file"))]).toEqual(["add", "1"]);
  });
});

test("planUpdate lists each path once, sorted by code units", () => {
  const plan = planUpdate(
    anUpdate({ base: { b: "1" }, ours: { B: "2", c: "3" }, theirs: { a: "4", c: "5" } }),
  );

  expect(plan.entries.map(({ path }) => path)).toEqual(["B", "a", "b", "c"]);
});

test("planUpdate plans a thousand files in well under a second", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index);
  const tree = (change: (text: string, index: number) => string): Contents =>
    Object.fromEntries(numbers.map((index) => [`folder/${index}.py`, change(sixtyLines(index), index)]));
  const input = anUpdate({
    base: tree((text) => text),
    ours: tree((text, index) => (index % 5 === 0 ? text.replace("line 3 ", "our 3 ") : text)),
    theirs: tree((text, index) => (index % 3 === 0 ? text.replace("line 50 ", "their 50 ") : text)),
  });
  const start = process.cpuUsage().user;

  const plan = planUpdate(input);

  expect((process.cpuUsage().user - start) / 1000).toBeLessThan(800);
  expect(plan.entries.filter(({ verdict }) => verdict === "merge")).toHaveLength(67);
});
