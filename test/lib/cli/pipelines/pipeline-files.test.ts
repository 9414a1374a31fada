import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import {
  describeRepositories,
  findRepositories,
  readersFor,
} from "../../../../lib/cli/pipelines/pipeline-files.ts";
import { readTemplates } from "../../../../lib/template/read-templates.ts";
import { anAnswers } from "../../../support/an-answers.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const file = "pipelines/ci_pipeline.yml";
const template = { alias: "templates", path: "pipelines/templates/template_ci_unit_tests.yml" };
const answers = anAnswers({ templates: "central" });

const pipeline = (name: string, ref: string): string =>
  `resources:\n  repositories:\n    - repository: templates\n      type: git\n      name: ${name}\n      ref: ${ref}\n`;

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

test("takes the platform's templates of this version from this package", async () => {
  await using folder = await temporaryFolder();
  const { version } = await readTemplates();
  await write(folder.path, { [file]: pipeline("eac-model-platform", `refs/tags/v${version}`) });

  const others = await findRepositories([], { cwd: folder.path, answers });
  const { read, whyMissing } = readersFor(folder.path, file, others);

  expect(read(template)).toContain("job: Unit_Tests");
  expect(read({ alias: "self", path: file })).toContain("resources:");
  expect(whyMissing?.({ alias: "templates", path: "none.yml" })).toContain("not among the templates");
  expect(describeRepositories(folder.path, file, others)).toEqual([
    `templates of eac-model-platform: those of this eac-model, refs/tags/v${version}`,
  ]);
});

test.each([
  ["another version", pipeline("eac-model-platform", "refs/tags/v0.0.1")],
  ["another repository", pipeline("somebody-elses", "refs/tags/v0.1.0")],
])("asks for a clone where the pipeline names %s", async (_what, text) => {
  await using folder = await temporaryFolder();
  await write(folder.path, { [file]: text });

  const others = await findRepositories([], { cwd: folder.path, answers });
  const { read, whyMissing } = readersFor(folder.path, file, others);

  expect(read(template)).toBeUndefined();
  expect(whyMissing?.(template)).toMatch(
    /is not on this machine: name a clone of it, --repository \S+=DIR\.$/,
  );
  expect(describeRepositories(folder.path, file, others)).toEqual([]);
});

test.each(["templates=clone", "EAC-Model-Platform=clone"])(
  "reads the folder of --repository %s",
  async (option) => {
    await using folder = await temporaryFolder();
    await write(folder.path, {
      [file]: pipeline("eac-model-platform", "refs/tags/v0.0.1"),
      [`clone/${template.path}`]: "jobs: []\n",
    });

    const others = await findRepositories([option], { cwd: folder.path, answers: undefined });
    const { read, whyMissing } = readersFor(folder.path, file, others);

    expect(read(template)).toBe("jobs: []\n");
    expect(whyMissing?.({ alias: "templates", path: "none.yml" })).toContain(
      "which stands for eac-model-platform",
    );
    expect(describeRepositories(folder.path, file, others)[0]).toContain(join(folder.path, "clone"));
  },
);

test.each([
  ["templates", "needs name=dir"],
  ["=clone", "needs name=dir"],
  ["templates=nowhere", "is no folder"],
])("refuses --repository %s", async (option, reason) => {
  await using folder = await temporaryFolder();

  await expect(findRepositories([option], { cwd: folder.path, answers })).rejects.toThrow(reason);
});
