import { describe, expect, test } from "@jest/globals";
import { checkJobSettings } from "../../../../../lib/local/databricks/jobs/check-job-settings.ts";
import { clusterSpec } from "../workspace-client.ts";

const notebook = { notebook_task: { notebook_path: "/a" } };
const task = { task_key: "a", ...notebook };
const file = { task_key: "a", spark_python_task: { python_file: "/a.py" } };

describe("checkJobSettings", () => {
  test.each([
    {},
    { tasks: [task] },
    {
      tasks: [
        { ...file, existing_cluster_id: "c" },
        { ...task, task_key: "b", depends_on: [{ task_key: "a" }] },
      ],
    },
    {
      tasks: [{ ...file, job_cluster_key: "k" }],
      job_clusters: [{ job_cluster_key: "k", new_cluster: clusterSpec }],
    },
    { tasks: [{ ...file, environment_key: "e" }], environments: [{ environment_key: "e" }] },
  ])("takes %j", (settings) => {
    expect(checkJobSettings(settings)).toBe(settings);
  });

  test.each([
    { settings: undefined, says: "Job settings must be specified." },
    { settings: { max_concurrent_runs: -1 }, says: "max_concurrent_runs" },
    { settings: { tasks: [{ ...notebook }] }, says: 'Task key ""' },
    { settings: { tasks: [{ ...task, task_key: "a b" }] }, says: 'Task key "a b"' },
    { settings: { tasks: [task, task] }, says: "Task key a is duplicated." },
    { settings: { tasks: [{ task_key: "a" }] }, says: "exactly one kind" },
    { settings: { tasks: [{ ...task, ...file }] }, says: "exactly one kind" },
    { settings: { tasks: [{ ...task, depends_on: [{ task_key: "b" }] }] }, says: "depends on b" },
    { settings: { tasks: [{ ...task, depends_on: [{ task_key: "a" }] }] }, says: "depends on a" },
    {
      settings: {
        tasks: [
          { ...task, depends_on: [{ task_key: "b" }] },
          { ...task, task_key: "b", depends_on: [{ task_key: "a" }] },
        ],
      },
      says: "in a circle: a, b",
    },
    { settings: { tasks: [{ ...file }] }, says: "needs a cluster" },
    {
      settings: { tasks: [{ ...file, existing_cluster_id: "c", environment_key: "e" }] },
      says: "more than one of",
    },
    { settings: { tasks: [{ ...file, job_cluster_key: "k" }] }, says: "which is not in job_clusters" },
    { settings: { tasks: [{ ...file, environment_key: "e" }] }, says: "which is not in environments" },
    {
      settings: { tasks: [{ ...task, libraries: [{ whl: "/a.whl" }] }] },
      says: "not supported for serverless",
    },
    { settings: { tasks: [{ ...file, new_cluster: {} }] }, says: "spark_version" },
    { settings: { job_clusters: [{ job_cluster_key: "k" }] }, says: "spark_version" },
    {
      settings: { tasks: Array.from({ length: 101 }, (_, index) => ({ ...task, task_key: `t${index}` })) },
      says: "at most 100 tasks",
    },
  ])("refuses a job: $says", ({ settings, says }) => {
    expect(() => checkJobSettings(settings)).toThrow(says);
  });
});
