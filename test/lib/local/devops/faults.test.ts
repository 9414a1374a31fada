import { describe, expect, test } from "@jest/globals";
import { createFaults, isDelay } from "../../../../lib/local/devops/faults.ts";

describe("faults", () => {
  test("disturb as many matching requests as asked for, after those that pass first", () => {
    const faults = createFaults();
    faults.add({ when: "before", methods: ["POST"], path: "/git/", offset: 1, times: 2, status: 503 });

    const taken = [1, 2, 3, 4].map(() => faults.take("POST", "/Ops/_apis/GIT/repositories")?.status);

    expect(taken).toEqual([undefined, 503, 503, undefined]);
  });

  test("pass over other methods and paths without counting them", () => {
    const faults = createFaults();
    faults.add({ when: "after", methods: ["POST"], path: "/git/" });

    expect(faults.take("GET", "/Ops/_apis/git/repositories")).toBeUndefined();
    expect(faults.take("POST", "/Ops/_apis/policy/configurations")).toBeUndefined();
    expect(faults.take("POST", "/Ops/_apis/git/repositories")?.when).toBe("after");
  });

  test("are gone when they are cleared", () => {
    const faults = createFaults();
    faults.add({ when: "before" });
    faults.clear();

    expect(faults.take("GET", "/")).toBeUndefined();
  });

  test("refuse a path that is no regular expression", () => {
    const faults = createFaults();

    expect(() => faults.add({ when: "before", path: "(" })).toThrow("is no regular expression");
  });

  test("only delay when they have a delay and no status", () => {
    expect(isDelay({ when: "before", delayMs: 10 })).toBe(true);
    expect(isDelay({ when: "before", delayMs: 10, status: 500 })).toBe(false);
    expect(isDelay({ when: "before" })).toBe(false);
  });
});
