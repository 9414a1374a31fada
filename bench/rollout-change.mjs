// The change of the templates that bench/rollout.mjs rolls out, what teams may have edited before, and what has to come of it.
const names = { before: "template_ci_unit_tests.yml", after: "template_ci_test_code.yml" };
export const paths = {
  moved: `pipelines/templates/${names.after}`,
  movedFrom: `pipelines/templates/${names.before}`,
  split: "pipelines/ci_pipeline.yml",
  deleted: "src/scripts/legacy_report.sh",
  default: "pipelines/base_variables.yml",
};

/** What a team may have done, and what has to come of it: conflicts, and what the branch of the update holds. */
export const edits = {
  nothing: { conflicts: [] },
  "moved file": {
    path: paths.movedFrom,
    edit: (text) => text.replace("testRunTitle: Unit tests", "testRunTitle: Tests of the team"),
    conflicts: [],
    holds: { [paths.moved]: "testRunTitle: Tests of the team" },
  },
  "beside the split": {
    path: paths.split,
    edit: (text) =>
      text.replace("displayName: Publish the code", "displayName: Publish the code of the team"),
    conflicts: [],
    holds: { [paths.split]: "displayName: Publish the code of the team" },
  },
  "in the split": {
    path: paths.split,
    edit: (text) =>
      text.replace(
        `      - template: templates/${names.before}`,
        "      - template: templates/our_own_tests.yml",
      ),
    conflicts: [paths.split],
    holds: { [paths.split]: "our_own_tests.yml" },
  },
  "deleted file": {
    path: paths.deleted,
    edit: (text) => `${text}echo "still in use"\n`,
    conflicts: [paths.deleted],
    holds: { [paths.deleted]: "still in use" },
  },
  "changed default": {
    path: paths.default,
    edit: (text) => text.replace("VM_IMAGE: ubuntu-22.04", "VM_IMAGE: our-own-image"),
    conflicts: [paths.default],
    holds: { [paths.default]: "our-own-image" },
  },
  "team's file": {
    path: "README.md",
    edit: (text) => `${text}\nWritten by the team.\n`,
    conflicts: [],
    holds: { "README.md": "Written by the team." },
  },
};

/** A file of the older version that the newer one does not have. */
export const legacyReport = "#!/usr/bin/env bash\n# A report that nobody reads any more.\necho report\n";

/** The templates of the older version. */
export function olderTemplate(name, text) {
  return name === "base/pipelines/base_variables.yml.ejs"
    ? replace(text, "ubuntu-24.04", "ubuntu-22.04")
    : text;
}

/** The templates of the newer version; undefined for one that has another name there, which `newerFiles` makes. */
export function newerTemplate(name, text) {
  if (name === "renames.yml") {
    const line = `- { from: ${paths.movedFrom}, to: ${paths.moved} }`;
    return replace(text, /^\[\]$/m, line);
  }
  if (name === `base/${paths.movedFrom}`) return undefined;
  if (name === "base/pipelines/pr_pipeline.yml.ejs") return replace(text, names.before, names.after);
  if (name !== "base/pipelines/ci_pipeline.yml.ejs") return text;
  const job = `      - template: <%= yaml(template("${names.before}")) %>\n`;
  const stage = "\n  - stage: Model_Tests\n    displayName: Test the code\n    jobs:\n";
  return replace(text, job, `${stage}${job.replace(names.before, names.after)}`);
}

/** The renamed template, made of what it was. */
export function renamedTemplate(text) {
  return replace(text, "displayName: Unit tests", "displayName: Tests of the code");
}

function replace(text, from, to) {
  const replaced = text.replace(from, () => to);
  if (replaced === text) throw new Error(`${from} is not there any more; adapt bench/rollout.mjs.`);
  return replaced;
}
