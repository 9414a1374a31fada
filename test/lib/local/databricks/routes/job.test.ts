import { describe, expect, test } from "@jest/globals";
import { startWorkspace } from "../workspace-client.ts";

const python = "python3";
const base = "/api/2.2/jobs";
const task = { task_key: "a", notebook_task: { notebook_path: "/Shared/a" } };

function idsOf({ jobs }: { readonly jobs: readonly { readonly job_id: number }[] }): readonly number[] {
  return jobs.map(({ job_id }) => job_id);
}

describe("jobs", () => {
  test("are made with the defaults of the service", async () => {
    await using workspace = await startWorkspace({ python });

    const { job_id } = await workspace.post(`${base}/create`, { tasks: [task] });
    const job = await workspace.get(`${base}/get`, { job_id });

    expect(job).toMatchObject({
      job_id,
      creator_user_name: "owner@local.example",
      settings: {
        name: "Untitled",
        tasks: [task],
        max_concurrent_runs: 1,
        timeout_seconds: 0,
        format: "MULTI_TASK",
      },
    });
  });

  test("are found by their whole name, newest first, by pages, without their tasks unless wanted", async () => {
    await using workspace = await startWorkspace({ python });
    const ids = [];
    for (const name of ["iris", "iris", "iris-2"])
      ids.unshift((await workspace.post(`${base}/create`, { name, tasks: [task] })).job_id);

    const found = await workspace.get(`${base}/list`, { name: "IRIS" });
    const page = await workspace.get(`${base}/list`, { limit: 2 });
    const rest = await workspace.get(`${base}/list`, {
      limit: 2,
      page_token: page.next_page_token,
      expand_tasks: "true",
    });

    expect(idsOf(found)).toEqual(ids.slice(1));
    expect(found.jobs[0].settings.tasks).toBeUndefined();
    expect([...idsOf(page), ...idsOf(rest)]).toEqual(ids);
    expect([page.has_more, rest.has_more]).toEqual([true, false]);
    expect(rest.jobs[0].settings.tasks).toEqual([task]);
    expect(await workspace.get(`${base}/list`, { name: "none" })).toEqual({ has_more: false });
  });

  test("are reset as a whole and updated in parts", async () => {
    await using workspace = await startWorkspace({ python });
    const other = { ...task, task_key: "b" };
    const settings = { name: "iris", tasks: [task, other], tags: { team: "a" }, max_concurrent_runs: 2 };
    const { job_id } = await workspace.post(`${base}/create`, settings);

    const changed = { ...other, timeout_seconds: 5 };
    await workspace.post(`${base}/update`, {
      job_id,
      new_settings: { name: "rose", tasks: [changed] },
      fields_to_remove: ["tags"],
    });
    const updated = await workspace.get(`${base}/get`, { job_id });
    await workspace.post(`${base}/reset`, { job_id, new_settings: { name: "lily" } });
    const reset = await workspace.get(`${base}/get`, { job_id });

    expect(updated.settings).toMatchObject({ name: "rose", tasks: [task, changed], max_concurrent_runs: 2 });
    expect(updated.settings.tags).toBeUndefined();
    expect(reset.settings).toMatchObject({ name: "lily", max_concurrent_runs: 1 });
    expect(reset.settings.tasks).toBeUndefined();
  });

  test("that are gone are named in the service's words", async () => {
    await using workspace = await startWorkspace({ python });
    const { job_id } = await workspace.post(`${base}/create`, { name: "iris" });
    await workspace.post(`${base}/delete`, { job_id });

    const answers = [
      await workspace.ask("GET", `${base}/get?job_id=${job_id}`),
      await workspace.ask("POST", `${base}/run-now`, { job_id }),
      await workspace.ask("POST", `${base}/reset`, { job_id, new_settings: {} }),
      await workspace.ask("POST", `${base}/delete`, { job_id }),
    ];

    const message = `Job ${job_id} does not exist.`;
    for (const answer of answers)
      expect(answer).toEqual({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message } });
  });
});
