import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CommandResult } from "../support/eac-model.ts";
import { lookAlikeStages, newLines, tenLines, tenLinesNext } from "../support/releases.ts";
import { updateWorld, type UpdateWorld } from "../support/update-world.ts";
import { forgetAnswer, type ModelWork } from "../support/updated-repository.ts";

const note = (name: string): string => `src/notes/${name}`;

const stages = "pipelines/templates/template_stages.yml";

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

describe("eac-model update", () => {
  test("brings the new templates, keeps every edit, and commits nothing", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 9\n", "line 9 of the team\n");
    work.commit();
    const head = work.git("rev-parse", "HEAD");

    const { code, output, error } = await update(work);

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(work.read(note("plain.txt"))).toBe(tenLinesNext.replace("line 9\n", "line 9 of the team\n"));
    expect(work.read(note("note1.txt"))).toBe(tenLinesNext);
    expect(work.read(note("new.txt"))).toBe(newLines);
    expect(work.exists(note("gone.txt"))).toBe(false);
    expect(output).toContain("from eac-model 98.0.0 to 99.0.0");
    expect(output).toContain("--abort");
    expect(work.git("rev-parse", "HEAD")).toBe(head);
    expect(work.git("diff", "--cached", "--name-only")).toBe("");
  });

  test("does nothing the second time", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 9\n", "line 9 of the team\n");
    work.commit();
    await update(work);
    work.commit();
    const before = work.everything();

    const { code, output } = await update(work);

    expect(code).toBe(0);
    expect(output).toContain("is up to date with eac-model 99.0.0");
    expect(outsideGit(work.everything())).toEqual(outsideGit(before));
  });

  test("leaves the team's files alone, and brings it new ones", async () => {
    await using work = await aRepository();
    work.write("demo_model/own.py", "print(1)\n");
    work.replace("README.md", "iris", "Iris");
    work.commit();
    const readme = work.read("README.md");

    await update(work);

    expect(work.read("demo_model/team.txt")).toBe(tenLines);
    expect(work.read("demo_model/new_team.txt")).toBe(tenLinesNext);
    expect(work.read("demo_model/own.py")).toBe("print(1)\n");
    expect(work.read("README.md")).toBe(readme);
  });

  test("does not care about work on the team's own files that is not committed", async () => {
    await using work = await aRepository();
    work.write("demo_model/team.txt", "in the middle of something\n");
    work.write("scratch.txt", "mine\n");

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.read("demo_model/team.txt")).toBe("in the middle of something\n");
    expect(work.read("scratch.txt")).toBe("mine\n");
  });

  test.each(["plain.txt", "note[1].txt"])(
    "leaves %s deleted, says so, and brings it back on request",
    async (name) => {
      await using work = await aRepository();
      work.remove(note(name));
      work.commit();

      const { code, output } = await update(work);

      expect(code).toBe(0);
      expect(output).toMatch(/stay-deleted +src\/notes\/.*deleted here/);
      expect(work.exists(note(name))).toBe(false);
      expect(work.read(note("note1.txt"))).toBe(tenLinesNext);
      work.commit();
      const restored = await update(work, "--restore", note(name));
      expect(restored.code).toBe(0);
      expect(work.read(note(name))).toBe(tenLinesNext);
    },
  );

  test("keeps a file that the template deletes and the team changed, as a conflict", async () => {
    await using work = await aRepository();
    work.replace(note("gone.txt"), "gone 5\n", "line 5 of the team\n");
    work.commit();

    const { code, output } = await update(work);

    expect(code).toBe(2);
    expect(work.read(note("gone.txt"))).toContain("line 5 of the team");
    expect(work.git("diff", "--name-only", "--diff-filter=U")).toBe(note("gone.txt"));
    expect(output).toContain("git rm");
  });

  test("moves a file that the template renames with the edits in it", async () => {
    await using work = await aRepository();
    work.replace(note("old_name.txt"), "line 9\n", "line 9 of the team\n");
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.exists(note("old_name.txt"))).toBe(false);
    expect(work.read(note("new_name.txt"))).toBe(tenLinesNext.replace("line 9\n", "line 9 of the team\n"));
  });

  test("does not bring a file that was deleted back under its new name", async () => {
    await using work = await aRepository();
    work.remove(note("old_name.txt"));
    work.commit();

    await update(work);

    expect(work.exists(note("new_name.txt"))).toBe(false);
    expect(work.exists(note("old_name.txt"))).toBe(false);
  });

  test("finds a file that the team moved, and updates it there", async () => {
    await using work = await aRepository();
    work.git("mv", note("plain.txt"), "src/moved.txt");
    work.replace("src/moved.txt", "line 9\n", "line 9 of the team\n");
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.read("src/moved.txt")).toBe(tenLinesNext.replace("line 9\n", "line 9 of the team\n"));
    expect(work.exists(note("plain.txt"))).toBe(false);
  });

  test.each(["test", "accept", "release"])(
    "keeps an edit in stage %s, among stages that look alike",
    async (name) => {
      await using work = await aRepository();
      const edited = lookAlikeStages.replace(
        new RegExp(`(stage: ${name}\\n(?:.*\\n){3} +vmImage: ).*`),
        "$1windows-2022",
      );
      work.write(stages, edited);
      work.commit();

      const { code } = await update(work);

      const result = work.read(stages);
      const ofStage = new RegExp(`stage: ${name}\\n(?:.*\\n){3} +vmImage: (.*)`).exec(result)?.[1];
      expect(result).toContain("stage: prepare");
      expect(result.match(/windows-2022/g)).toHaveLength(1);
      if (code === 0) expect(ofStage).toBe("windows-2022");
      else expect(result).toContain("<<<<<<< ours (repository)");
    },
  );

  test("marks conflicts with three named sides and as unmerged, and nothing else", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 2\n", "line 2 of the team\n");
    work.replace(note("note1.txt"), "line 9\n", "line 9 of the team\n");
    work.commit();

    const { code, output } = await update(work);

    expect(code).toBe(2);
    expect(work.read(note("plain.txt"))).toBe(
      tenLines.replace(
        "line 2\n",
        [
          "<<<<<<< ours (repository)",
          "line 2 of the team",
          "||||||| base (eac-model 98.0.0)",
          "line 2",
          "=======",
          "line 2 of the next release",
          ">>>>>>> template (eac-model 99.0.0)",
          "",
        ].join("\n"),
      ),
    );
    expect(work.git("diff", "--name-only", "--diff-filter=U")).toBe(note("plain.txt"));
    expect(work.git("show", `:1:./${note("plain.txt")}`)).toBe(tenLines.trimEnd());
    expect(work.git("show", `:3:./${note("plain.txt")}`)).toBe(tenLinesNext.trimEnd());
    expect(output).toContain(`git -C ${work.folder} add -- ${note("plain.txt")}`);
  });

  test("refuses the next update while a conflict is left, committed markers too, and goes on when it is resolved", async () => {
    await using work = await aRepository();
    work.replace(note("plain.txt"), "line 2\n", "line 2 of the team\n");
    work.commit();
    await update(work);

    const unmerged = await update(work);
    work.commit();
    const committed = await update(work);
    work.write(note("plain.txt"), tenLinesNext);
    work.commit();
    const resolved = await update(work);

    for (const { code, error } of [unmerged, committed]) {
      expect(code).toBe(6);
      expect(error).toContain(note("plain.txt"));
    }
    expect(resolved.code).toBe(0);
  });

  test("asks about a file that the template adds where the team has its own", async () => {
    await using work = await aRepository();
    work.write(note("new.txt"), "something else\n");

    const { code } = await update(work);

    expect(code).toBe(2);
    expect(work.read(note("new.txt"))).toContain("something else\n");
    expect(work.read(note("new.txt"))).toContain("fresh 2\n");
    expect(work.git("diff", "--name-only", "--diff-filter=U")).toBe(note("new.txt"));
  });

  test("takes a file that the template adds and that is here already as it is", async () => {
    await using work = await aRepository();
    work.write(note("new.txt"), newLines);

    expect((await update(work)).code).toBe(0);
    expect(work.read(note("new.txt"))).toBe(newLines);
  });

  test("keeps a changed picture and puts the template's beside it", async () => {
    await using work = await aRepository();
    work.write(note("logo.png"), Buffer.of(0, 5, 5));
    work.commit();

    const { code, output } = await update(work);

    expect(code).toBe(2);
    expect([...work.bytes(note("logo.png"))]).toEqual([0, 5, 5]);
    expect([...work.bytes(note("logo.png.eac-new"))]).toEqual([0, 9, 9, 9]);
    expect(output).toContain("logo.png.eac-new");
    work.commit();
    expect((await update(work)).error).toContain("logo.png.eac-new");
    work.remove(note("logo.png.eac-new"));
    work.commit();
    expect((await update(work)).code).toBe(0);
  });

  test.each([
    { name: "latin1.txt", encoding: "latin1" as const },
    { name: "utf16.txt", encoding: "utf16le" as const },
  ])("merges $name in its own encoding", async ({ name, encoding }) => {
    await using work = await aRepository();
    const mine = work.bytes(note(name)).toString(encoding).replace("line 9\n", "Straße 9\n");
    work.write(note(name), Buffer.from(mine, encoding));
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.bytes(note(name))).toEqual(
      Buffer.from(mine.replace("line 2\n", "line 2 of the next release\n"), encoding),
    );
  });

  test("merges a file with carriage returns and keeps them", async () => {
    await using work = await aRepository();
    work.write(".gitattributes", `${work.read(".gitattributes")}src/notes/* -text\n`);
    work.write(note("plain.txt"), tenLines.replaceAll("\n", "\r\n").replace("line 9", "line 9 of the team"));
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.read(note("plain.txt"))).toBe(
      tenLinesNext.replace("line 9\n", "line 9 of the team\n").replaceAll("\n", "\r\n"),
    );
  });

  test.each([
    { name: "run.sh", executable: false },
    { name: "plain.txt", executable: true },
  ])("keeps the mode that the team gave $name, and takes the new text", async ({ name, executable }) => {
    await using work = await aRepository();
    work.makeExecutable(note(name), executable);
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.isExecutable(note(name))).toBe(executable);
    expect(work.read(note(name))).toContain("line 2 of the next release");
  });

  test("gives a new script its mode", async () => {
    await using work = await aRepository();
    work.git("rm", "--quiet", note("run.sh"));
    work.commit();

    await update(work, "--restore", note("run.sh"));

    expect(work.isExecutable(note("run.sh"))).toBe(true);
  });

  test("updates a file of the template that the team's .gitignore names", async () => {
    await using work = await aRepository();
    work.write(".gitignore", `${work.read(".gitignore")}\nsrc/notes/\n`);
    work.git("rm", "--quiet", "--cached", note("plain.txt"));
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.read(note("plain.txt"))).toBe(tenLinesNext);
    expect(work.read(note("note1.txt"))).toBe(tenLinesNext);
  });

  test("is not led astray by hooks, filters and settings of git", async () => {
    await using work = await aRepository();
    for (const hook of ["pre-commit", "post-checkout", "post-index-change"]) {
      work.write(`.git/hooks/${hook}`, "#!/bin/sh\ntouch hook-ran\nexit 1\n");
      work.makeExecutable(`.git/hooks/${hook}`, true);
    }
    work.git("config", "apply.whitespace", "error");
    work.git("config", "merge.conflictStyle", "zdiff3");
    work.git("config", "core.autocrlf", "true");
    work.replace(note("plain.txt"), "line 9\n", "line 9 with blanks   \n");
    work.git("-c", "core.hooksPath=/dev/null", "add", "--all");
    work.git("-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message", "work");

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.read(note("plain.txt"))).toBe(tenLinesNext.replace("line 9\n", "line 9 with blanks   \n"));
    expect(work.exists("hook-ran")).toBe(false);
  });
});

describe("eac-model update with answers", () => {
  test("keeps answers with umlauts to the letter", async () => {
    await using work = await aRepository();
    const before = work.read(".eac-model/answers.yml");

    await update(work);

    expect(before).toContain("Größe & Maß: 100 %");
    expect(work.read(".eac-model/answers.yml")).toBe(before);
  });

  test("takes the default of a question that is new, and says so", async () => {
    await using work = await aRepository();
    forgetAnswer(work, "agent_pool");
    work.commit();

    const { code, output } = await update(work);

    expect(code).toBe(0);
    expect(output).toContain('answer agent_pool: (none) → ""');
    expect(work.read(".eac-model/answers.yml")).toContain("agent_pool:");
  });

  test("changes answers with the templates of the same version", async () => {
    await using work = await aRepository();

    const { code, output } = await world.releases.old.eacModel(["update", "--set", "environment_file=pip"], {
      cwd: work.folder,
    });

    expect(code).toBe(0);
    expect(output).toContain('answer environment_file: "conda" → "pip"');
    expect(work.exists("demo_model/environment.yml")).toBe(false);
    expect(
      work.exists("demo_model/model_modules/requirements.txt") || work.exists("demo_model/requirements.txt"),
    ).toBe(true);
    expect(work.read(note("plain.txt"))).toBe(tenLines);
  });

  test("from batch to REST: files appear and go, edits in what goes are conflicts, the rest is kept", async () => {
    await using work = await aRepository();
    const batch =
      work
        .git("ls-files", "src/batch_model")
        .split("\n")
        .find((path) => path.endsWith("job.py")) ?? "";
    work.write(batch, `${work.read(batch)}# of the team\n`);
    work.write("README.md", `${work.read("README.md")}\nOf the team.\n`);
    work.commit();

    const { code } = await update(work, "--set", "serving=rest");

    expect(code).toBe(2);
    expect(work.git("diff", "--name-only", "--diff-filter=U")).toBe(batch);
    expect(work.read(batch)).toContain("# of the team");
    expect(work.exists("src/rest_model/deploy_to_aci.py")).toBe(true);
    expect(work.exists("src/batch_model/__init__.py")).toBe(false);
    expect(work.read("README.md")).toContain("Of the team.");
    expect(work.read(".eac-model/answers.yml")).toContain("serving: rest");
  });

  test("moves the model's folder with the edits in it and with files that only the team has", async () => {
    await using work = await aRepository();
    work.replace("demo_model/team.txt", "line 9\n", "line 9 of the team\n");
    work.write("demo_model/own/module.py", "print(1)\n");
    work.commit();

    const { code } = await update(work, "--set", "model_folder=iris_model");

    expect(code).toBe(0);
    expect(work.read("iris_model/team.txt")).toBe(tenLines.replace("line 9\n", "line 9 of the team\n"));
    expect(work.read("iris_model/own/module.py")).toBe("print(1)\n");
    expect(work.exists("demo_model")).toBe(false);
  });

  test("leaves files that git does not know in the folder with the old name, and names them", async () => {
    await using work = await aRepository();
    work.write("demo_model/draft notes.txt", "draft");
    work.write("elsewhere.txt", "draft");

    const { code, output } = await update(work, "--set", "model_folder=iris_model");
    const shown = await update(work, "--abort");

    expect([code, shown.code]).toEqual([0, 0]);
    expect(output).toContain("stay in the folder with the old name: demo_model/draft notes.txt.");
    expect(work.read("demo_model/draft notes.txt")).toBe("draft");
  });

  test("takes answers that were edited by hand for new answers, and merges what they change", async () => {
    await using work = await aRepository();
    work.replace(".eac-model/answers.yml", "environment_file: conda", "environment_file: pip");
    work.commit();

    const { code } = await update(work);

    expect(code).toBe(0);
    expect(work.exists("demo_model/environment.yml")).toBe(false);
    expect((await world.run(work, "check")).code).toBe(0);
  });

  test("lists every wrong answer at once, and changes nothing", async () => {
    await using work = await aRepository();
    const before = work.everything();

    const { code, error } = await update(
      work,
      "--set",
      "serving=soap",
      "--set",
      "maturity_level=9",
      "--dry-run",
    );

    expect(code).toBe(5);
    expect(error).toContain("serving");
    expect(error).toContain("maturity_level");
    expect(work.everything()).toEqual(before);
  });
});

function outsideGit(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !/^\.git(?:\/|$)/.test(path)));
}
