import { readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eacModel, type CommandResult } from "../support/eac-model.ts";
import { tenLines, tenLinesNext } from "../support/releases.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { updateWorld, type UpdateWorld } from "../support/update-world.ts";
import { workIn, type ModelWork } from "../support/updated-repository.ts";

const note = (name: string): string => `src/notes/${name}`;

let world: UpdateWorld;

beforeAll(async () => {
  world = await updateWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const aRepository = (inside?: string): Promise<ModelWork> => world.aRepository(inside);

const update = (work: Pick<ModelWork, "folder">, ...words: readonly string[]): Promise<CommandResult> =>
  world.run(work, "update", ...words);

describe("eac-model update --dry-run", () => {
  test.each([
    { name: "without conflicts", line: "line 9\n", code: 0 },
    { name: "with conflicts", line: "line 2\n", code: 2 },
  ])(
    "gives the verdicts and the exit code of the real run $name, and changes not one byte",
    async ({ line, code }) => {
      await using work = await aRepository();
      work.replace(note("plain.txt"), line, "of the team\n");
      work.remove(note("note1.txt"));
      work.commit();
      const before = work.everything();

      const shown = await update(work, "--dry-run");
      const foreseen = verdictsIn(await update(work, "--dry-run", "--json"));
      const after = work.everything();
      const real = await update(work, "--json");

      expect(after).toEqual(before);
      expect([shown.code, real.code]).toEqual([code, code]);
      expect(verdictsIn(real)).toEqual(foreseen);
      expect(shown.output).toContain("+line 2 of the next release");
    },
  );
});

describe("eac-model update --release and --restore", () => {
  test("leaves a released file alone until it is restored", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 9\n", "line 9 of the team\n");
    work.commit();

    const released = await update(work, "--release", note("plain.txt"));
    const ours = work.read(note("plain.txt"));
    work.commit();
    const check = await world.run(work, "check");
    const restored = await update(work, "--restore", note("plain.txt"), "--dry-run");

    expect(released.code).toBe(0);
    expect(ours).toBe(tenLines.replace("line 9\n", "line 9 of the team\n"));
    expect(check.code).toBe(0);
    expect(restored.code).toBe(0);
    expect(restored.output).toMatch(/merge +src\/notes\/plain/);
  });

  test.each([
    { words: ["--release", "src/notes/plain.tx"], says: "Did you mean src/notes/plain.txt?" },
    { words: ["--release", "README.md"], says: "belongs to the team already" },
    { words: ["--restore", "../outside.txt"], says: "no such file" },
    {
      words: ["--restore", "src/notes/plain.txt", "--restore", "src/cli.py"],
      says: "--restore src/cli.py is not possible: the file was neither deleted nor released here",
    },
    { words: ["--abort", "--set", "serving=rest"], says: "has no meaning" },
  ])("refuses $words as wrong usage", async ({ words, says }) => {
    await using work = await aRepository();
    const before = work.everything();

    const { code, error } = await update(work, ...words);

    expect(code).toBe(64);
    expect(error).toContain(says);
    expect(withoutLock(work.everything())).toEqual(withoutLock(before));
  });
});

describe("eac-model update --abort", () => {
  test("puts back every file, conflicts and moves included", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 2\n", "line 2 of the team\n");
    work.replace(note("old_name.txt"), "line 9\n", "line 9 of the team\n");
    work.write(note("logo.png"), Buffer.of(0, 5, 5));
    work.commit();

    const { code } = await update(work);
    work.write(note("plain.txt"), "half resolved\n");
    const aborted = await update(work, "--abort");

    expect([code, aborted.code]).toEqual([2, 0]);
    expect(work.git("status", "--porcelain")).toBe("");
    expect(work.exists(note("logo.png.eac-new"))).toBe(false);
  });

  test("refuses to throw away later work, and has nothing to undo after a commit", async () => {
    await using work = await aRepository();
    await update(work);
    work.write(note("note1.txt"), "written after the update\n");

    const losing = await update(work, "--abort");
    work.commit();
    const committed = await update(work, "--abort");

    expect(losing).toMatchObject({ code: 6, error: expect.stringContaining(note("note1.txt")) });
    expect(committed).toMatchObject({
      code: 6,
      error: expect.stringContaining("EAC_UPDATE_NOTHING_TO_ABORT"),
    });
    expect(work.read(note("note1.txt"))).toBe("written after the update\n");
  });
});

describe("eac-model update that is killed", () => {
  const moments: readonly { readonly name: string; readonly isNow: (work: ModelWork) => boolean }[] = [
    { name: "before it changes anything", isNow: (work) => work.exists(".git/eac-model") },
    { name: "when the first file is gone", isNow: (work) => !work.exists(note("gone.txt")) },
    { name: "when the first file is new", isNow: (work) => work.exists("demo_model/new_team.txt") },
    { name: "when the last file is new", isNow: (work) => work.exists(note("new_name.txt")) },
  ];

  test.each(moments)("$name comes to the same end with the next one", async ({ isNow }) => {
    await using work = await aRepository();
    await using reference = await aRepository();
    await update(reference);

    await world.releases.next.eacModel(["update"], { cwd: work.folder, killWhen: () => isNow(work) });
    const again = await update(work);
    const [after, wanted] = [work.git("diff", "HEAD"), reference.git("diff", "HEAD")];
    const aborted = await update(work, "--abort");

    // The kill can come too late: then all is done, and the next one wants it committed first.
    expect(again.error).toMatch(/^$|EAC_UPDATE_NOT_READY/);
    expect(after).toBe(wanted);
    expect(aborted.code).toBe(0);
    expect(work.git("status", "--porcelain")).toBe("");
  });
});

describe("eac-model update in unusual repositories", () => {
  test("works in a subfolder of a larger repository, and leaves the rest of it alone", async () => {
    await using work = await aRepository("large/models/iris");
    rmSync(join(work.folder, ".git"), { recursive: true });
    const outer = workIn(join(work.folder, "..", ".."));
    outer.write("other.txt", "one\n");
    outer.git("init", "--quiet", "--initial-branch=main");
    work.replace(note("plain.txt"), "line 2\n", "line 2 of the team\n");
    outer.commit();
    outer.write("other.txt", "two\n");

    const { code } = await update(work);

    expect(code).toBe(2);
    expect(work.read(note("note1.txt"))).toBe(tenLinesNext);
    expect(outer.git("diff", "--name-only", "--diff-filter=U")).toBe(`models/iris/${note("plain.txt")}`);
    expect(outer.read("other.txt")).toBe("two\n");
  });

  test("works in a submodule", async () => {
    await using work = await aRepository();
    await using folder = await temporaryFolder();
    const outer = workIn(folder.path);
    outer.git("init", "--quiet", "--initial-branch=main");
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", work.folder, "model");
    outer.git("commit", "--quiet", "--message", "with a submodule");
    const inner = workIn(join(folder.path, "model"));

    expect((await update(inner)).code).toBe(0);
    expect(inner.read(note("plain.txt"))).toBe(tenLinesNext);
    expect((await update(inner, "--abort")).code).toBe(0);
    expect(inner.git("status", "--porcelain")).toBe("");
  });

  test("works in a worktree, with git's folder elsewhere, and without history", async () => {
    await using work = await aRepository();
    await using folder = await temporaryFolder();
    const places = {
      worktree: join(folder.path, "worktree"),
      separate: join(folder.path, "separate"),
      shallow: join(folder.path, "shallow"),
    };
    work.write("one.txt", "1\n");
    work.commit();
    work.git("worktree", "add", "--quiet", "-b", "other", places.worktree);
    work.git(
      "clone",
      "--quiet",
      "--separate-git-dir",
      join(folder.path, "git"),
      work.folder,
      places.separate,
    );
    work.git("clone", "--quiet", "--depth=1", `file://${work.folder}`, places.shallow);

    for (const place of Object.values(places)) {
      const there = workIn(place);
      expect((await update(there)).code).toBe(0);
      expect(there.read(note("plain.txt"))).toBe(tenLinesNext);
    }
    expect(work.read(note("plain.txt"))).toBe(tenLines);
  });

  test("writes nothing through a link that stands in the place of a folder", async () => {
    await using work = await aRepository();
    await using outside = await temporaryFolder();
    work.git("rm", "-r", "--quiet", "src/notes");
    symlinkSync(outside.path, join(work.folder, "src", "notes"));
    work.commit();

    const { code, output } = await update(work);

    expect(code).toBe(2);
    expect(output).toContain("src/notes/new.txt");
    expect(readdirSync(outside.path)).toEqual([]);
    expect(readlinkSync(join(work.folder, "src", "notes"))).toBe(outside.path);
  });

  test("understands the folder and the paths from where it is called", async () => {
    await using work = await aRepository();
    work.remove(note("plain.txt"));
    work.commit();

    const { code } = await world.releases.next.eacModel(["update", "../..", "--restore", "plain.txt"], {
      cwd: join(work.folder, "src", "notes"),
    });

    expect(code).toBe(0);
    expect(work.read(note("plain.txt"))).toBe(tenLinesNext);
  });
});

describe("eac-model update refuses, with one message and nothing written,", () => {
  const manifest = ".eac-model/manifest.json";
  const baseline = ".eac-model/baseline.json.gz";
  const answers = ".eac-model/answers.yml";

  test.each<{ name: string; damage: (work: ModelWork) => void; code: string; exit?: number }>([
    { name: "no manifest", damage: (work) => work.remove(manifest), code: "EAC_UPDATE_STATE_MISSING" },
    { name: "no baseline", damage: (work) => work.remove(baseline), code: "EAC_UPDATE_STATE_MISSING" },
    { name: "no answers", damage: (work) => work.remove(answers), code: "EAC_UPDATE_STATE_MISSING" },
    {
      name: "a damaged manifest",
      damage: (work) => work.write(manifest, "{"),
      code: "EAC_UPDATE_STATE_INVALID",
    },
    {
      name: "a damaged baseline",
      damage: (work) => work.write(baseline, "x"),
      code: "EAC_UPDATE_STATE_INVALID",
    },
    {
      name: "a manifest with a hash of something else",
      damage: (work) =>
        work.write(
          manifest,
          work.read(manifest).replace(/"sha256": "[0-9a-f]+"/, `"sha256": "${"0".repeat(64)}"`),
        ),
      code: "EAC_UPDATE_BASELINE_MISMATCH",
      exit: 6,
    },
    {
      name: "a manifest with a path that leaves the folder",
      damage: (work) => work.replace(manifest, '"src/notes/plain.txt"', '"../plain.txt"'),
      code: "EAC_UPDATE_STATE_INVALID",
    },
    {
      name: "a manifest with a path into .git",
      damage: (work) => work.replace(manifest, '"src/notes/plain.txt"', '".git/hooks/pre-commit"'),
      code: "EAC_UPDATE_STATE_INVALID",
    },
    {
      name: "a state of a later form",
      damage: (work) => work.replace(manifest, '"schema": 1', '"schema": 2'),
      code: "EAC_UPDATE_STATE_TOO_NEW",
    },
    {
      name: "markers in the answers",
      damage: (work) => work.write(answers, `<<<<<<< HEAD\n${work.read(answers)}>>>>>>> other\n`),
      code: "has a conflict marker",
      exit: 5,
    },
    {
      name: "an answer edited to nonsense",
      damage: (work) => work.replace(answers, "serving: batch", "serving: soap"),
      code: "EAC_ANSWERS_INVALID",
      exit: 5,
    },
    {
      name: "a file of the platform with work that is not committed",
      damage: (work) => work.write(note("plain.txt"), "in the middle\n"),
      code: "EAC_UPDATE_NOT_READY",
    },
    {
      name: "a folder without git",
      damage: (work) => rmSync(join(work.folder, ".git"), { recursive: true }),
      code: "EAC_UPDATE_NOT_A_REPOSITORY",
    },
    {
      name: "a folder that holds no model",
      damage: (work) => rmSync(join(work.folder, ".eac-model"), { recursive: true }),
      code: "EAC_CLI_NOT_A_MODEL_REPOSITORY",
    },
  ])("$name", async ({ damage, code, exit = 6 }) => {
    await using work = await aRepository();
    damage(work);
    const before = work.everything();

    const dry = await update(work, "--dry-run");
    const afterDryRun = work.everything();
    const real = await update(work);

    expect(dry.code).toBe(exit);
    expect(dry.error).toContain(code);
    expect({ code: real.code, error: real.error }).toEqual({ code: dry.code, error: dry.error });
    expect(afterDryRun).toEqual(before);
    expect(withoutLock(work.everything())).toEqual(withoutLock(before));
  });

  test("templates that are older than the repository's", async () => {
    await using work = await aRepository();

    const { code, error } = await eacModel(["update"], { cwd: work.folder });

    expect(code).toBe(6);
    expect(error).toContain("EAC_UPDATE_DOWNGRADE");
    expect(work.git("status", "--porcelain")).toBe("");
  });
});

describe("eac-model check", () => {
  test("is content with a repository as the templates made it", async () => {
    await using work = await aRepository();
    const before = work.everything();

    const { code, output } = await world.releases.old.eacModel(["check"], { cwd: work.folder });

    expect({ code, output }).toEqual({ code: 0, output: "Up to date with eac-model 98.0.0.\n" });
    expect(work.everything()).toEqual(before);
  });

  test("tells that an update is available", async () => {
    await using work = await aRepository();

    const { code, output } = await world.run(work, "check");

    expect(code).toBe(3);
    expect(output).toContain("from eac-model 98.0.0 to 99.0.0 is available");
  });

  test("tells drift by file, and drift wins", async () => {
    await using work = await aRepository();
    work.write(note("plain.txt"), "mine\n");
    work.remove(note("note1.txt"));
    work.write("README.md", "the team's own\n");

    const { code, output } = await world.run(work, "check", "--json");

    expect(code).toBe(4);
    expect(JSON.parse(output)).toMatchObject({
      from: "98.0.0",
      to: "99.0.0",
      updateAvailable: true,
      drift: [
        { path: note("note1.txt"), state: "missing" },
        { path: note("plain.txt"), state: "changed" },
      ],
    });
  });

  test("takes answers that were edited and not applied for an update", async () => {
    await using work = await aRepository();
    work.replace(".eac-model/answers.yml", "serving: batch", "serving: rest");

    const { code, output } = await world.releases.old.eacModel(["check"], { cwd: work.folder });

    expect(code).toBe(3);
    expect(output).toContain("answers were changed");
  });
});

/** The verdicts that the JSON of an update names, by path. */
function verdictsIn({ output }: CommandResult): Readonly<Record<string, string>> {
  const { entries }: { entries: { path: string; verdict: string }[] } = JSON.parse(output);
  return Object.fromEntries(entries.map(({ path, verdict }) => [path, verdict]));
}

/** The lock's folder in git's own is made by the first update that takes it. */
function withoutLock(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => path !== ".git" && !path.startsWith(".git/eac-model")),
  );
}
