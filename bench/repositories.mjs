// Bare repositories as an older version of the package would have made them, many in a short time.
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** git without the machine's configuration, and with an identity. */
export const gitEnvironment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Bench",
  GIT_AUTHOR_EMAIL: "bench@example.com",
  GIT_COMMITTER_NAME: "Bench",
  GIT_COMMITTER_EMAIL: "bench@example.com",
};

/**
 * A function that makes a bare repository with one commit.
 * @param {string} folder the copy of the package that makes it
 * @param {string} work a folder for what it needs
 */
export async function repositoryMaker(folder, work) {
  const load = (name) => import(pathToFileURL(join(folder, "dist", "lib", name)).href);
  const { readTemplates } = await load("template/read-templates.js");
  const { renderTree } = await load("template/render-tree.js");
  const { stateFiles } = await load("update/state-files.js");
  const { parseAnswers } = await load("answers/parse-answers.js");
  const templates = await readTemplates();
  const empty = join(work, "empty.git");
  run("git", ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", empty]);
  return (path, name, edit) => {
    const answers = parseAnswers({ model_name: name, team_name: "bench" });
    const tree = renderTree(templates, answers);
    cpSync(empty, path, { recursive: true });
    run("git", [`--git-dir=${path}`, "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet"], {
      input: commitStream([...tree.map(edit), ...stateFiles({ answers, templates, tree })]),
    });
  };
}

function commitStream(files) {
  const parts = [
    "commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 6\nCreate\n",
  ];
  for (const { path, mode, bytes } of files)
    parts.push(`M ${mode} inline ${path}\ndata ${bytes.length}\n`, bytes, "\n");
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function run(program, args, options = {}) {
  const { status, stderr } = spawnSync(program, args, { env: gitEnvironment, ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
