// eac-model beside copier (from PyPI, installed into .cache by this script alone): generating and updating the same trees, in one run, as ratios.
// Usage: node bench/update.mjs [rounds] [sizes…], by default 3 rounds of 50, 300 and 1000 files; a third of the files changes in the
// template, a fifth was edited in the repository, far enough apart to merge.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root, setUp } from "../scripts/set-up.mjs";
import { compare } from "./measure.mjs";
import { gitEnvironment } from "./repositories.mjs";
import { packageCopy } from "./versions.mjs";

const copierVersion = "9.17.0";
const [rounds = 3, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [50, 300, 1000];

setUp();
const work = mkdtempSync(join(tmpdir(), "eac-model-bench-update-"));
const env = { ...gitEnvironment, HOME: work };
const copier = installCopier();

try {
  console.log(
    `Node ${process.version}, copier ${copierVersion}, ${rounds} rounds, ${cpus()[0]?.model ?? "unknown CPU"}`,
  );
  for (const size of sizes) measure(size);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function installCopier() {
  const folder = join(root, ".cache", `copier-${copierVersion}`);
  const program = join(folder, "bin", "copier");
  if (existsSync(program)) return program;
  run("python3", ["-m", "venv", folder], { env: process.env });
  run(join(folder, "bin", "pip"), ["install", "--quiet", `copier==${copierVersion}`], { env: process.env });
  return program;
}

function measure(size) {
  const folder = join(work, String(size));
  const target = join(folder, "target");
  const older = packageOf(join(folder, "package-1"), { version: "1.0.0", size, isNew: false });
  const newer = packageOf(join(folder, "package-2"), { version: "2.0.0", size, isNew: true });
  const answers = ["--set", "model_name=iris", "--set", "team_name=bench"];
  const init = [process.execPath, older, "init", target, ...answers, "--yes", "--no-provision"];
  const template = copierTemplate(join(folder, "template"), size);
  const version = ["--vcs-ref", "1.0.0", "--data", "model_name=iris"];
  const copy = [copier, "copy", "--defaults", "--quiet", ...version, template, target];
  const clean = () => rmSync(target, { recursive: true, force: true });
  show(`generate ${size} files`, [
    { name: "copier copy", command: copy, before: clean, env },
    { name: "eac-model init", command: init, before: clean, env },
  ]);
  const restore = (source) => () => {
    clean();
    cpSync(source, target, { recursive: true, preserveTimestamps: true });
    run("git", ["-C", target, "status", "--short"]);
  };
  const theirs = restore(project(join(folder, "theirs"), copy, target));
  const ours = restore(project(join(folder, "ours"), init, target));
  const update = [process.execPath, newer, "update", target, "--yes"];
  show(`update ${size} files`, [
    {
      name: "copier update",
      command: [copier, "update", "--defaults", "--quiet", target],
      before: theirs,
      env,
    },
    { name: "eac-model update", command: update, before: ours, env },
  ]);
  check(target, size);
  rmSync(folder, { recursive: true, force: true });
}

function show(title, contenders) {
  console.log(title);
  console.table(compare(contenders, rounds));
}

/** The same lines in both languages of templates; `insert` gives the model's name in the one that is asked for. */
function content(index, isNew, insert) {
  const steps = Array.from(
    { length: 20 },
    (_, step) => `  - step: ${step}\n    name: ${insert}\n    run: work --file ${index} --step ${step}\n`,
  );
  if (isNew && index % 3 === 0) steps.splice(2, 0, "  - step: new\n    name: of the template\n");
  return `# File ${index}\nsteps:\n${steps.join("")}`;
}

function pathOf(index) {
  return `files/part_${index % 10}/file_${index}.yml`;
}

/** A package that has these templates and no others. */
function packageOf(folder, { version, size, isNew }) {
  const main = packageCopy(folder, version, (name, text) => (name === "renames.yml" ? text : undefined));
  const templates = join(folder, "templates", "model");
  writeFileSync(join(templates, "ownership.yml"), "- { path: files/**, owner: platform }\n");
  for (let index = 0; index < size; index += 1)
    write(
      join(templates, "base", `${pathOf(index)}.ejs`),
      content(index, isNew, "<%= yaml(answers.model_name) %>"),
    );
  return main;
}

/** The same as a repository that copier reads, with a tag for each version. */
function copierTemplate(folder, size) {
  write(join(folder, "copier.yml"), "_subdirectory: template\nmodel_name:\n  type: str\n");
  write(
    join(folder, "template", "{{ _copier_conf.answers_file }}.jinja"),
    "{{ _copier_answers|to_nice_yaml }}\n",
  );
  run("git", ["init", "--quiet", folder]);
  for (const isNew of [false, true]) {
    for (let index = 0; index < size; index += 1)
      write(join(folder, "template", `${pathOf(index)}.jinja`), content(index, isNew, "{{ model_name }}"));
    run("git", ["-C", folder, "add", "--all"]);
    run("git", ["-C", folder, "commit", "--quiet", "--message=Version"]);
    run("git", ["-C", folder, "tag", isNew ? "2.0.0" : "1.0.0"]);
  }
  return folder;
}

/** A generated repository with the edits of its team, all committed. */
function project(folder, [program, ...words], target) {
  rmSync(target, { recursive: true, force: true });
  run(program, words);
  if (!existsSync(join(target, ".git"))) {
    run("git", ["init", "--quiet", target]);
    run("git", ["-C", target, "add", "--all"]);
    run("git", ["-C", target, "commit", "--quiet", "--message=Create"]);
  }
  for (let index = 0; existsSync(join(target, pathOf(index))); index += 1) {
    if (index % 5 !== 0) continue;
    const path = join(target, pathOf(index));
    writeFileSync(path, `${readFileSync(path, "utf8")}  - step: of the team\n`);
  }
  run("git", ["-C", target, "commit", "--quiet", "--all", "--message=Edit"]);
  cpSync(target, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** Time counts only where the outcome is right: the last contender was eac-model, and nothing is missing. */
function check(target, size) {
  for (let index = 0; index < size; index += 1) {
    const text = readFileSync(join(target, pathOf(index)), "utf8");
    const isRight =
      text.includes("name: iris") &&
      text.includes("step: new") === (index % 3 === 0) &&
      text.includes("step: of the team") === (index % 5 === 0) &&
      !text.includes("<<<<<<<");
    if (!isRight) throw new Error(`${pathOf(index)} is wrong:\n${text}`);
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { env, ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
}
