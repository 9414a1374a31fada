import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { diffLines } from "../../../../lib/update/merge/diff-lines.ts";
import { runs } from "../../../support/property-seed.ts";

const lists = fc.array(fc.nat({ max: 6 }), { maxLength: 40 });

function apply(old: readonly number[], changed: readonly number[]): readonly number[] {
  const result: number[] = [];
  let at = 0;
  for (const change of diffLines(old, changed)) {
    result.push(...old.slice(at, change.old.start));
    result.push(...changed.slice(change.new.start, change.new.start + change.new.length));
    at = change.old.start + change.old.length;
  }
  return [...result, ...old.slice(at)];
}

describe("diffLines", () => {
  test("says what turns one list into the other", () => {
    fc.assert(
      fc.property(lists, lists, (old, changed) => {
        expect(apply(old, changed)).toEqual(changed);
      }),
      runs(500),
    );
  });

  test("says nothing of equal lists", () => {
    expect(diffLines([1, 2, 3], [1, 2, 3])).toEqual([]);
  });

  test("leaves a line between any two changes", () => {
    fc.assert(
      fc.property(lists, lists, (old, changed) => {
        const changes = diffLines(old, changed);

        for (const [index, change] of changes.slice(1).entries()) {
          const before = changes[index];
          expect(change.old.start).toBeGreaterThan((before?.old.start ?? 0) + (before?.old.length ?? 0));
        }
      }),
      runs(300),
    );
  });

  test("puts an added line that repeats its neighbour as far down as it goes", () => {
    expect(diffLines([1, 2, 3], [1, 2, 2, 3])).toEqual([
      { old: { start: 2, length: 0 }, new: { start: 2, length: 1 } },
    ]);
  });

  test("joins an added line that could stand elsewhere with a removed one", () => {
    expect(diffLines([1, 2, 9, 3], [1, 2, 2, 3])).toEqual([
      { old: { start: 2, length: 1 }, new: { start: 2, length: 1 } },
    ]);
  });

  test("finds its way by rare lines, not by common ones", () => {
    const [blank, start, end] = [0, 1, 2];

    expect(diffLines([start, blank, end, blank], [blank, blank, blank, start, blank, end, blank])).toEqual([
      { old: { start: 0, length: 0 }, new: { start: 0, length: 3 } },
    ]);
  });

  test("takes a part in which every line is common as it finds it", () => {
    const common = Array.from({ length: 100 }, (_, index) => index % 1);

    expect(apply(common, [...common, 5, 0])).toEqual([...common, 5, 0]);
  });

  test("does not compare all with all where that would take seconds", () => {
    const one = Array.from({ length: 3000 }, (_, index) => index % 10);
    const other = Array.from({ length: 3000 }, (_, index) => (index * 7) % 10);
    const start = performance.now();

    expect(apply(one, other)).toEqual(other);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
