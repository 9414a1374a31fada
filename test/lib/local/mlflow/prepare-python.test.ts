import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { preparePython, requirements } from "../../../../lib/local/mlflow/prepare-python.ts";
import type { Environ } from "../../../../lib/local/mlflow/start-bound-process.ts";
import { findPython } from "../../../support/python-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const python = findPython() ?? "";
const suite = python === "" ? describe.skip : describe;
const wheels = `
import sys, zipfile
versions = {"mlflow": "3.5.1", "databricks_sdk": "0.70.0", "pandas": "2.2.3", "scikit_learn": "1.5.2"}
for name, version in versions.items():
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        info = f"{name}-{version}.dist-info"
        wheel.writestr(f"{name}.py", f"version = {version!r}\\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
`;

/** Where pip finds, instead of on an index, packages of the right names that hold nothing. */
async function packagesIn(folder: string): Promise<Environ> {
  const path = join(folder, "packages");
  await mkdir(path, { recursive: true });
  execFileSync(python, ["-c", wheels, path]);
  return { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: path };
}

interface World {
  readonly folder: string;
  readonly environ: Environ;
  readonly told: string[];
}

function prepare({ folder, environ, told }: World, signal = new AbortController().signal): Promise<string> {
  return preparePython({ folder, environ, report: (text) => void told.push(text), signal });
}

function versionIn(prepared: string): string {
  return execFileSync(prepared, ["-c", "import mlflow; print(mlflow.version)"], { encoding: "utf8" }).trim();
}

suite("the Python of MLflow and notebooks", () => {
  test("is made once, and says what takes long", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const environ = await packagesIn(folder);
    const told: string[] = [];

    const first = await prepare({ folder, environ, told });
    const version = versionIn(first);
    await rm(join(folder, "packages"), { recursive: true });
    const second = await prepare({ folder, environ, told });

    expect(first).toBe(join(folder, "python", "bin", "python"));
    expect(version).toBe("3.5.1");
    expect(second).toBe(first);
    expect(told).toEqual(["making a Python environment", expect.stringContaining("installing mlflow")]);
    expect(existsSync(join(folder, "python.building"))).toBe(false);
  }, 90_000);

  test("is made again after an interruption, for other requirements, and when its base is gone", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const environ = await packagesIn(folder);
    const told: string[] = [];
    await mkdir(join(folder, "python.building", "lib"), { recursive: true });
    await writeFile(join(folder, "python.building", "lib", "rest"), "");

    const prepared = await prepare({ folder, environ, told });
    const isRestLeft = existsSync(join(folder, "python", "lib", "rest"));
    await writeFile(join(folder, "python", "requirements.txt"), "mlflow==1\n");
    await writeFile(join(folder, "python", "old"), "");
    await prepare({ folder, environ, told });
    const afterOther = existsSync(join(folder, "python", "old"));
    await rm(prepared);
    await symlink("/nowhere/python", prepared);
    await prepare({ folder, environ, told });

    expect(isRestLeft).toBe(false);
    expect(afterOther).toBe(false);
    expect(readFileSync(join(folder, "python", "requirements.txt"), "utf8")).toBe(requirements);
    expect(versionIn(prepared)).toBe("3.5.1");
    expect(told).toHaveLength(6);
  }, 180_000);

  test("is not led astray by settings of another Python", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const foreign = join(folder, "foreign");
    await mkdir(foreign);
    await writeFile(join(foreign, "pip.py"), "raise SystemExit('a foreign pip')");
    const environ = { ...(await packagesIn(folder)), PYTHONPATH: foreign, PYTHONHOME: "/nowhere" };

    const prepared = await prepare({ folder, environ, told: [] });

    expect(versionIn(prepared)).toBe("3.5.1");
  }, 90_000);

  test("says what pip said when the packages cannot be installed, and leaves nothing that looks ready", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const environ = { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: "" };

    const attempt = prepare({ folder, environ, told: [] });

    await expect(attempt).rejects.toMatchObject({
      code: "EAC_LOCAL_PYTHON_NOT_PREPARED",
      message: expect.stringContaining("No matching distribution found for mlflow"),
      hint: expect.stringContaining(join(folder, "python.log")),
    });
    expect(existsSync(join(folder, "python"))).toBe(false);
  });

  test("is given up at once when the organisation stops", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const environ = await packagesIn(folder);
    const stopping = new AbortController();
    const told: string[] = [];

    const attempt = prepare({ folder, environ, told }, stopping.signal);
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stopping.abort();

    await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
    expect(existsSync(join(folder, "python"))).toBe(false);
  });
});

test("without any Python it says so", async () => {
  await using temporary = await temporaryFolder();

  const attempt = prepare({ folder: temporary.path, environ: { PATH: temporary.path }, told: [] });

  await expect(attempt).rejects.toMatchObject({ code: "EAC_LOCAL_PYTHON_MISSING" });
});
