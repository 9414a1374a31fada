import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import type { Answers } from "../../lib/answers/answers.ts";
import { writeCommit } from "../../lib/git/write-commit.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import type { TemplateFile, TemplateSet } from "../../lib/template/template-set.ts";
import { stateFiles } from "../../lib/update/state-files.ts";

/** The version that older repositories were made from. */
export const olderVersion = "0.0.1";

/** git without the machine's configuration, asynchronous: an organisation may answer in this very process. */
export function git(folder: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("git", ["-C", folder, ...args], { env: process.env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(stderr));
    });
  });
}

/** Templates as they may have been in an earlier version: the texts of some files were others, and a file was there that went. */
export async function olderTemplates(changes: {
  /** Template paths without overlay and `.ejs`, each with what its rendered text was. */
  readonly texts?: Readonly<Record<string, (now: string) => string>>;
  readonly gone?: readonly string[];
}): Promise<TemplateSet> {
  const templates = await readTemplates();
  const files = templates.files
    .filter(({ path }) => changes.gone?.includes(path) !== true)
    .map((file): TemplateFile => {
      const change = changes.texts?.[file.path];
      if (change === undefined) return file;
      return {
        ...file,
        render: (locals) => Buffer.from(change(Buffer.from(file.render(locals)).toString("utf8")), "utf8"),
      };
    });
  return { ...templates, version: olderVersion, files };
}

/** A bare repository that was made from these templates, with what the team committed since. */
export async function olderRepository(
  folder: string,
  made: { readonly templates: TemplateSet; readonly answers: Answers },
  edits: Readonly<Record<string, string | ((before: string) => string) | undefined>> = {},
): Promise<void> {
  const tree = renderTree(made.templates, made.answers);
  const files = [...tree, ...stateFiles({ ...made, tree })];
  await mkdir(folder, { recursive: true });
  await git(folder, "init", "--quiet", "--bare", "--initial-branch=main", ".");
  const nothing = await git(folder, "hash-object", "-t", "tree", "-w", "/dev/null");
  const parent = await git(folder, "commit-tree", nothing, "-m", "Begin");
  const draft = {
    ref: "refs/heads/main",
    signature: "Test Person <test.person@example.com>",
    date: new Date(),
  };
  const created = await writeCommit(folder, {
    ...draft,
    parent,
    message: "Create",
    deleted: [],
    written: files,
  });
  const edited = Object.entries(edits).map(([path, edit]) => {
    const before = files.find((file) => file.path === path);
    const text = Buffer.from(before?.bytes ?? []).toString("utf8");
    const after = typeof edit === "function" ? edit(text) : edit;
    return { path, mode: before?.mode ?? ("100644" as const), text: after };
  });
  await writeCommit(folder, {
    ...draft,
    parent: created,
    message: "Our work",
    deleted: edited.filter(({ text }) => text === undefined).map(({ path }) => path),
    written: edited.flatMap(({ path, mode, text }) =>
      text === undefined ? [] : [{ path, mode, bytes: Buffer.from(text, "utf8") }],
    ),
  });
}
