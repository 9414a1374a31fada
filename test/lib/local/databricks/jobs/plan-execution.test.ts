import { describe, expect, test } from "@jest/globals";
import { planExecution } from "../../../../../lib/local/databricks/jobs/plan-execution.ts";
import type { RunRecord } from "../../../../../lib/local/databricks/jobs/run-record.ts";
import { pending } from "../../../../../lib/local/databricks/jobs/run-state.ts";

function run(differences: Partial<RunRecord> = {}): RunRecord {
  return {
    id: "2",
    runId: 2,
    jobId: 1,
    name: "train",
    type: "JOB_RUN",
    settings: {},
    overrides: {},
    state: pending,
    tasks: [{ runId: 3, key: "a", state: pending, startTime: 0 }],
    startTime: Date.UTC(2026, 10, 21),
    ...differences,
  };
}

describe("planExecution", () => {
  test("gives a notebook its parameters: the run's before the job's before its own", () => {
    const task = {
      task_key: "a",
      notebook_task: { notebook_path: "/n", base_parameters: { own: "own", job: "own", run: "own" } },
    };
    const settings = {
      parameters: [
        { name: "job", default: "job" },
        { name: "run", default: "job" },
      ],
    };

    const plan = planExecution(task, run({ settings, overrides: { notebook_params: { run: "run" } } }));

    expect(plan).toEqual({
      kind: "notebook",
      path: "/n",
      parameters: { own: "own", job: "job", run: "run" },
    });
  });

  test("fills in what a parameter says of the job and the run, and leaves the rest as it is", () => {
    const parameters = [
      "{{job.id}}",
      "{{ job.run_id }}",
      "{{run_id}}/{{task.name}}",
      "{{job.parameters.p}}",
      "{{x}}",
    ];
    const task = { task_key: "a", spark_python_task: { python_file: "/f.py", parameters } };
    const settings = { parameters: [{ name: "p", default: "d" }] };

    const plan = planExecution(task, run({ settings, overrides: { job_parameters: { p: "given" } } }));

    expect(plan).toEqual({ kind: "file", path: "/f.py", parameters: ["1", "2", "3/a", "given", "{{x}}"] });
  });

  test("gives a wheel its words and its named parameters, or those of the run", () => {
    const wheel = {
      package_name: "p",
      entry_point: "e",
      parameters: ["one"],
      named_parameters: { n: "own", m: "m" },
    };
    const task = { task_key: "a", python_wheel_task: wheel };

    const plan = planExecution(task, run());
    const other = planExecution(
      task,
      run({ overrides: { python_params: ["two"], python_named_params: { n: "run" } } }),
    );

    expect(plan).toEqual({
      kind: "wheel",
      packageName: "p",
      entryPoint: "e",
      parameters: ["one", "--n=own", "--m=m"],
    });
    expect(other).toMatchObject({ parameters: ["two", "--n=run", "--m=m"] });
  });

  test("says what it cannot run", () => {
    const plan = planExecution({ task_key: "a", sql_task: {} }, run());

    expect(plan).toEqual({ kind: "impossible", why: expect.stringContaining("not sql_task") });
  });
});
