import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readRequirements } from "../../../../../lib/pipelines/run/python/read-requirements.ts";
import { findPython } from "../../../../support/python-environment.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

const python = findPython();
const describeWithPython = python === undefined ? describe.skip : describe;

describeWithPython("the requirements of a project", () => {
  test("are everything that it may install, each once, and not itself", async () => {
    await using folder = await temporaryFolder();
    const files = {
      "pyproject.toml": [
        "[build-system]",
        'requires = ["setuptools>=68"]',
        "[project]",
        'name = "My_Model"',
        'dependencies = ["click>=8,<9"]',
        "[project.optional-dependencies]",
        'dev = ["pytest>=8", "my-model[agent]"]',
        'agent = ["click>=8,<9", "requests"]',
      ].join("\n"),
      "model/model_modules/requirements.txt": "# what it needs\npandas>=2 # frames\n--no-binary x\n\n",
      "model/environment.yml":
        "dependencies:\n  - python>=3.10\n  - pip\n  - scipy>=1\n  - numpy=1.26\n  - joblib\n  - a::odd thing\n  - pip:\n      - torch==2.0\n",
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), text);
    }

    const found = await readRequirements(folder.path, python ?? "", { PATH: process.env["PATH"] ?? "" });

    expect(found).toEqual([
      "click>=8,<9",
      "joblib",
      "numpy==1.26.*",
      "pandas>=2",
      "pytest>=8",
      "requests",
      "scipy>=1",
      "setuptools>=68",
      "torch==2.0",
    ]);
  });
});
