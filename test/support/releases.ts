import { templateVersion, type TemplateVersion } from "./template-version.ts";

/** Ten lines that a test can change apart from each other. */
export const tenLines: string = tenOf("line");

/** A file that only the old release has. */
export const goneLines: string = tenOf("gone");

/** A file that only the next release has. */
export const newLines: string = tenOf("fresh");

function tenOf(word: string): string {
  return Array.from({ length: 10 }, (_, index) => `${word} ${index + 1}\n`).join("");
}

/** The same lines as the next release has them. */
export const tenLinesNext: string = tenLines.replace("line 2\n", "line 2 of the next release\n");

const notes = "base/src/notes";

/** Three stages that look alike: an edit that is placed by its surroundings lands in the wrong one. */
export const lookAlikeStages: string = ["stages:", ...["test", "accept", "release"].flatMap(stage), ""].join(
  "\n",
);

function stage(name: string): readonly string[] {
  return [
    `  - stage: ${name}`,
    "    jobs:",
    "      - job: run",
    "        pool:",
    "          vmImage: ubuntu-22.04",
    "        steps:",
    "          - script: echo go",
    "            displayName: Go",
  ];
}

/** Two releases of this package that differ in every way in which templates change; extra templates stand below `src/notes`. */
export interface Releases extends AsyncDisposable {
  readonly old: TemplateVersion;
  readonly next: TemplateVersion;
}

/** Makes both releases. */
export async function twoReleases(): Promise<Releases> {
  const [old, next] = await Promise.all([oldRelease(), nextRelease()]);
  return {
    old,
    next,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([old[Symbol.asyncDispose](), next[Symbol.asyncDispose]()]);
    },
  };
}

function oldRelease(): Promise<TemplateVersion> {
  return templateVersion("98.0.0", ({ write }) => {
    for (const name of ["plain", "old_name", "note[1]", "note1"]) write(`${notes}/${name}.txt`, tenLines);
    write(`${notes}/gone.txt`, goneLines);
    write(`${notes}/run.sh`, `#!/bin/sh\n${tenLines}`);
    write(`${notes}/logo.png`, Buffer.of(0, 1, 2, 3));
    write(`${notes}/latin1.txt`, Buffer.from(`größer\n${tenLines}`, "latin1"));
    write(`${notes}/utf16.txt`, Buffer.from(`\uFEFFgrößer\n${tenLines}`, "utf16le"));
    write("base/pipelines/templates/template_stages.yml", lookAlikeStages);
    write("base/demo_model/team.txt", tenLines);
  });
}

function nextRelease(): Promise<TemplateVersion> {
  return templateVersion("99.0.0", ({ write }) => {
    for (const name of ["plain", "new_name", "note[1]", "note1"]) write(`${notes}/${name}.txt`, tenLinesNext);
    write(`${notes}/new.txt`, newLines);
    write(`${notes}/run.sh`, `#!/bin/sh\n${tenLinesNext}`);
    write(`${notes}/logo.png`, Buffer.of(0, 9, 9, 9));
    write(`${notes}/latin1.txt`, Buffer.from(`größer\n${tenLinesNext}`, "latin1"));
    write(`${notes}/utf16.txt`, Buffer.from(`\uFEFFgrößer\n${tenLinesNext}`, "utf16le"));
    const inserted = stage("prepare").join("\n");
    write(
      "base/pipelines/templates/template_stages.yml",
      lookAlikeStages.replace("stages:", `stages:\n${inserted}`),
    );
    write("base/demo_model/team.txt", tenLinesNext);
    write("base/demo_model/new_team.txt", tenLinesNext);
    write("renames.yml", "- { from: src/notes/old_name.txt, to: src/notes/new_name.txt }\n");
  });
}
