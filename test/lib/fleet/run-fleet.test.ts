import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { FleetRow } from "../../../lib/fleet/fleet-row.ts";
import {
  runFleet,
  type CanaryVerdict,
  type FleetOptions,
  type FleetStop,
} from "../../../lib/fleet/run-fleet.ts";
import { aRow } from "./a-row.ts";

interface Tried {
  readonly stop: FleetStop | undefined;
  /** Names of the repositories in the order in which they began. */
  readonly begun: readonly string[];
  readonly mostAtOnce: number;
  readonly rows: ReadonlyMap<string, FleetRow>;
}

interface World {
  readonly done?: ReadonlyMap<string, FleetRow>;
  readonly verdict?: CanaryVerdict;
  readonly failing?: readonly string[];
  readonly abortAfter?: number;
}

const names = Array.from({ length: 10 }, (_, index) => `model-${index}`);

async function tryFleet(options: Partial<FleetOptions>, world: World = {}): Promise<Tried> {
  const stopper = new AbortController();
  const begun: string[] = [];
  const rows = new Map(world.done);
  let running = 0;
  let mostAtOnce = 0;
  const stop = await runFleet(
    {
      repositories: names.map((name) => ({ name })),
      done: new Map(world.done),
      update: async ({ name }) => {
        begun.push(name);
        running += 1;
        mostAtOnce = Math.max(mostAtOnce, running);
        if (begun.length === world.abortAfter) stopper.abort();
        await sleep(1);
        running -= 1;
        return aRow(name, { outcome: world.failing?.includes(name) === true ? "failed" : "proposed" });
      },
      judge: () => Promise.resolve(world.verdict ?? { state: "fine", reasons: [] }),
      record: (row) => void rows.set(row.name, row),
    },
    { canary: 0, wave: 100, concurrency: 1, signal: stopper.signal, ...options },
  );
  return { stop, begun, mostAtOnce, rows };
}

describe("A run over a fleet", () => {
  test("comes to every repository, one broken one or not", async () => {
    const { stop, begun, rows } = await tryFleet({}, { failing: ["model-0", "model-4"] });

    expect(stop).toBeUndefined();
    expect(begun).toEqual(names);
    expect(rows.get("model-4")?.outcome).toBe("failed");
  });

  test("works on so many at a time and no more", async () => {
    expect((await tryFleet({ concurrency: 3 })).mostAtOnce).toBe(3);
    expect((await tryFleet({ concurrency: 9, wave: 2 })).mostAtOnce).toBe(2);
  });

  test("ends with its canaries, and goes on when they are fine", async () => {
    const first = await tryFleet({ canary: 2 });
    const second = await tryFleet({ canary: 2 }, { done: first.rows });

    expect(first.begun).toEqual(["model-0", "model-1"]);
    expect(first.stop?.why).toBe("canary");
    expect(second.begun).toEqual(names.slice(2));
    expect(second.stop).toBeUndefined();
  });

  test.each(["waiting", "failed"] as const)("touches nothing more while a canary is %s", async (state) => {
    const first = await tryFleet({ canary: 2 });

    const { stop, begun } = await tryFleet(
      { canary: 2 },
      { done: first.rows, verdict: { state, reasons: ["model-0: not yet"] } },
    );

    expect(stop).toEqual({ why: `canary-${state}`, reasons: ["model-0: not yet"] });
    expect(begun).toEqual([]);
  });

  test("tries a canary again that failed to be updated", async () => {
    const first = await tryFleet({ canary: 2 }, { failing: ["model-1"] });

    const second = await tryFleet({ canary: 2 }, { done: first.rows });

    expect(second.begun).toEqual(["model-1"]);
    expect(second.stop?.why).toBe("canary");
  });

  test("goes on past the canaries when none are asked for any more", async () => {
    const first = await tryFleet({ canary: 2 });

    expect((await tryFleet({}, { done: first.rows })).begun).toEqual(names.slice(2));
  });

  test("ends after a wave of which more than half failed", async () => {
    const failing = ["model-3", "model-4", "model-5"];

    expect((await tryFleet({ wave: 3 }, { failing })).stop?.why).toBe("failures");
    expect((await tryFleet({ wave: 3 }, { failing })).begun).toEqual(names.slice(0, 6));
    expect((await tryFleet({ wave: 3 }, { failing: failing.slice(2) })).stop).toBeUndefined();
  });

  test("ends what it has begun and nothing else when it is interrupted, and continues", async () => {
    const first = await tryFleet({ concurrency: 2 }, { abortAfter: 4 });
    const second = await tryFleet({}, { done: first.rows });

    expect(first.stop?.why).toBe("interrupted");
    expect(first.rows.size).toBe(4);
    expect(second.begun).toEqual(names.slice(4));
  });

  test("takes what an interruption broke for not done", async () => {
    const first = await tryFleet({ concurrency: 2 }, { abortAfter: 4, failing: ["model-1", "model-3"] });

    expect([...first.rows].map(([name, { outcome }]) => [name, outcome])).toEqual([
      ["model-0", "proposed"],
      ["model-1", "failed"],
      ["model-2", "proposed"],
    ]);
  });

  test("comes back to what was postponed or failed, not to what is done", async () => {
    const done = new Map(names.map((name) => [name, aRow(name, { outcome: "declined" })]));
    done.set("model-7", aRow("model-7", { outcome: "postponed" }));
    done.set("model-8", aRow("model-8", { outcome: "failed" }));

    expect((await tryFleet({}, { done })).begun).toEqual(["model-7", "model-8"]);
  });
});
