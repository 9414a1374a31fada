import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { Limit } from "../../../../lib/pipelines/run/schedule.ts";

test("so much work goes on at a time, and the rest begins in its order", async () => {
  const limit = new Limit(2);
  const begun: number[] = [];
  let now = 0;
  let most = 0;
  const work = (name: number) => async (): Promise<void> => {
    begun.push(name);
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => void setImmediate(resolve));
    now -= 1;
  };

  await Promise.all([1, 2, 3, 4, 5].map((name) => limit.run(work(name))));

  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test("what is canceled while it waits does not wait, and takes no turn from others", async () => {
  const limit = new Limit(1);
  const stop = new AbortController();
  const end = new AbortController();
  const long = limit.run(() => once(end.signal, "abort"));
  const canceled = limit.run(() => Promise.resolve("canceled"), stop.signal);
  const late = limit.run(() => Promise.resolve("late"), stop.signal);
  const other = limit.run(() => Promise.resolve("other"));

  stop.abort();

  expect(await Promise.all([canceled, late])).toEqual(["canceled", "late"]);
  expect(await limit.run(() => Promise.resolve("at once"), stop.signal)).toBe("at once");
  end.abort();
  await long;
  expect(await other).toBe("other");
  expect(await limit.run(() => Promise.resolve("free again"))).toBe("free again");
});
