import { describe, expect, test } from "@jest/globals";
import { differences } from "./recorded-conversation.ts";

describe("the comparison of two answers", () => {
  test("finds what is missing, what is too much, and what has another type", () => {
    const recorded = { id: 1, name: "iris", list: [{ a: 1 }, { b: null }], same: null };
    const ours = { id: "1", more: true, list: [{ a: 1 }], same: null };

    expect(differences(recorded, ours)).toEqual([
      "$.id: string instead of number",
      "- $.name",
      "- $.list[].b",
      "+ $.more",
    ]);
  });

  test("takes other values of the same form for the same", () => {
    expect(differences({ ids: ["a"], at: { x: 1 } }, { ids: ["b", "c"], at: { x: 2 } })).toEqual([]);
    expect(differences(undefined, undefined)).toEqual([]);
    expect(differences(undefined, { x: 1 })).not.toEqual([]);
  });
});
