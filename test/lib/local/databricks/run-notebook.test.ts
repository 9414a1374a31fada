import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { findPython, sharedEnvironment } from "../../../support/python-environment.ts";
import { startWorkspace, type WorkspaceClient } from "./workspace-client.ts";
import { buildWheel } from "./wheel.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
let python = "";

/** Cells of a notebook, run as a task; answers the result or the error. */
async function runCells(
  workspace: WorkspaceClient,
  cells: readonly string[],
  base_parameters: Readonly<Record<string, string>> = {},
) {
  await workspace.importSource("/Shared/folder/notebook", cells.join("\n\n# COMMAND ----------\n\n"));
  const notebook_task = { notebook_path: "/Shared/folder/notebook", base_parameters };
  const run = await workspace.runTasks([{ task_key: "a", notebook_task }]);
  const output = await workspace.outputOf(run, "a");
  const page = await workspace.ask("GET", new URL(run.run_page_url).pathname);
  return {
    result: output.notebook_output.result,
    error: output.error,
    trace: output.error_trace,
    page: page.body,
  };
}

beforeAll(async () => {
  if (basePython !== undefined) ({ python } = await sharedEnvironment(basePython));
}, 600_000);

suite("a notebook", () => {
  test("has parameters: those of the job, and defaults of its own", async () => {
    await using workspace = await startWorkspace({ python });
    const cells = [
      'dbutils.widgets.text("a", "default")\ndbutils.widgets.dropdown("b", "x", ["x", "y"])',
      "from databricks.sdk.runtime import dbutils as same",
      'values = [same.widgets.get(name) for name in ("a", "b", "path")]\ndbutils.notebook.exit(repr(values))',
    ];

    const { result } = await runCells(workspace, cells, { a: "given", path: "/Workspace/Shared/x" });

    const root = join(workspace.databricks.folder, "workspace");
    expect(result).toBe(`['given', 'x', '${join(root, "Shared", "x")}']`);
  });

  test("says which parameter nobody gave", async () => {
    await using workspace = await startWorkspace({ python });

    const { error } = await runCells(workspace, ['dbutils.widgets.get("none")']);

    expect(error).toContain("InputWidgetNotDefined: No input widget named none is defined");
  });

  test("runs in its folder, finds modules beside it, and runs other notebooks in its own names", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/folder/helper.py", "def twice(x):\n    return 2 * x\n", "RAW");
    await workspace.importSource("/Shared/other/names", "name = 'from ' + kind");
    const cells = [
      "# MAGIC %md\n# MAGIC # Title",
      "import os\nfrom helper import twice\nkind = 'other'",
      "# DBTITLE 1,Names\n# MAGIC %run ../other/names",
      "# MAGIC %sql\n# MAGIC select 1",
      "# MAGIC %python\n# MAGIC ten = twice(5)",
      'dbutils.notebook.exit(f"{os.path.basename(os.getcwd())} {name} {ten} {__name__}")',
    ];

    const { result, page } = await runCells(workspace, cells);

    expect(result).toBe("folder from other 10 __main__");
    expect(page).toContain("Skipped a cell that begins with %sql: this workspace runs Python only.");
  });

  test("installs for itself alone", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource(
      "/Shared/own_thing-1.0-py3-none-any.whl",
      buildWheel(python, "own_thing", "x = 7"),
      "RAW",
    );
    const install = "# MAGIC %pip install --no-deps /Workspace/Shared/own_thing-1.0-py3-none-any.whl";

    const installed = await runCells(workspace, [
      install,
      "import own_thing\ndbutils.notebook.exit(own_thing.x)",
    ]);
    const after = await runCells(workspace, ["import own_thing"]);
    const failed = await runCells(workspace, ["# MAGIC %pip install --no-index there-is-no-such-thing"]);

    expect(installed).toMatchObject({ result: "7", error: undefined });
    expect(after.error).toBe("ModuleNotFoundError: No module named 'own_thing'");
    expect(failed.error).toMatch(/^subprocess.CalledProcessError: .*pip/);
  }, 120_000);

  test("reads and writes tables", async () => {
    await using workspace = await startWorkspace({ python });
    const tables = join(workspace.databricks.folder, "tables");
    mkdirSync(tables);
    await writeFile(join(tables, "main.raw.csv"), "x,y\n1,0.5\n2,1.5\n");
    const cells = [
      "data = spark.table('main.raw').toPandas()",
      "for mode in ('append', 'append'):\n" +
        "    spark.createDataFrame(data).write.mode(mode).saveAsTable('main.scores')",
      "both = spark.read.table('main.scores')",
      "spark.createDataFrame(data).write.format('delta').mode('overwrite').saveAsTable('main.raw')",
      "dbutils.notebook.exit(f\"{both.count()} {both.toPandas()['y'].sum()} {spark.table('main.raw').count()}\")",
    ];

    const { result, error } = await runCells(workspace, cells);
    const missing = await runCells(workspace, ["spark.table('main.none')"]);
    const sql = await runCells(workspace, ["spark.sql('select 1')"]);

    expect({ result, error }).toEqual({ result: "4 4.0 2", error: undefined });
    expect(missing.error).toContain("[TABLE_OR_VIEW_NOT_FOUND] The table main.none cannot be found.");
    expect(sql.error).toContain("This workspace runs Python only, not SQL");
  }, 120_000);

  test("keeps files in DBFS", async () => {
    await using workspace = await startWorkspace({ python });
    const cells = [
      'dbutils.fs.put("dbfs:/a/b.txt", "hello")\ndbutils.fs.cp("/a", "dbfs:/c", recurse=True)',
      'dbutils.fs.rm("/a", True)',
      'names = [file.path for file in dbutils.fs.ls("dbfs:/c")]',
      'dbutils.notebook.exit(f"{names} {dbutils.fs.head(names[0])}")',
    ];

    const { result } = await runCells(workspace, cells);

    expect(result).toBe("['dbfs:/c/b.txt'] hello");
  });

  test.each([
    { cell: "x = (", error: "SyntaxError: '(' was never closed" },
    { cell: "import sys\nsys.exit(3)", error: "SystemExit: 3" },
    {
      cell: "import os\nos._exit(9)",
      error: "The Python process ended with code 9 before the task was done.",
    },
    { cell: "# MAGIC %run ./none", error: "FileNotFoundError: Notebook not found: ./none" },
    {
      cell: "try:\n    dbutils.notebook.exit('done')\nexcept Exception:\n    raise ValueError('not reached')",
      error: undefined,
    },
    { cell: "import sys\nsys.exit(0)", error: undefined },
    // A notebook's annotations are values, unless it says otherwise itself.
    { cell: "def f(x: 1 / 0): pass", error: "ZeroDivisionError: division by zero" },
    { cell: "input()", error: "EOFError: EOF when reading a line" },
  ])("ends as Python does: $error", async ({ cell, error }) => {
    await using workspace = await startWorkspace({ python });

    expect((await runCells(workspace, [cell])).error).toBe(error);
  });
});

suite("a wheel", () => {
  const body = "import sys\ndef main():\n    print(sys.argv[1:])\ndef other():\n    print('other')\n";

  test.each([
    { entry_point: "start", logs: "['one', '--two=2']\n" },
    { entry_point: "other", logs: "other\n" },
  ])(
    "runs by its entry point $entry_point, installed with the environment",
    async ({ entry_point, logs }) => {
      await using workspace = await startWorkspace({ python });
      await workspace.importSource(
        "/Shared/iris_jobs-1.0-py3-none-any.whl",
        buildWheel(python, "iris_jobs", body),
        "RAW",
      );
      const task = {
        task_key: "a",
        environment_key: "e",
        python_wheel_task: {
          package_name: "iris_jobs",
          entry_point,
          parameters: ["one"],
          named_parameters: { two: "2" },
        },
      };
      const dependencies = ["/Workspace/Shared/iris_jobs-1.0-py3-none-any.whl"];
      const environments = [{ environment_key: "e", spec: { environment_version: "5", dependencies } }];

      const run = await workspace.runTasks([task], { environments });

      expect(await workspace.outputOf(run, "a")).toMatchObject({ logs });
    },
  );
});

suite("an environment that cannot be installed", () => {
  test("fails the task before it runs, with the words of pip", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x = 1");
    const task = { task_key: "a", environment_key: "e", notebook_task: { notebook_path: "/Shared/a" } };
    const spec = { dependencies: ["--no-index", "there-is-no-such-thing"] };

    const run = await workspace.runTasks([task], { environments: [{ environment_key: "e", spec }] });

    const [{ state, status }] = run.tasks;
    expect(state.state_message).toContain("No matching distribution found for there-is-no-such-thing");
    expect(status.termination_details.code).toBe("LIBRARY_INSTALLATION_ERROR");
  });
});
