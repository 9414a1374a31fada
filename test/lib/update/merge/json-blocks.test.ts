import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { blockPaths } from "../../../../lib/update/merge/blocks.ts";
import { jsonBlocks } from "../../../../lib/update/merge/json-blocks.ts";
import { mergeText } from "../../../../lib/update/merge/merge-text.ts";
import { runs } from "../../../support/property-seed.ts";
import { someLabels } from "../../../support/trees.ts";

/** Each line with the blocks it stands in, as ` > `-separated names. */
function pathsOf(text: string): readonly string[] {
  return blockPaths(jsonBlocks(text.split("\n"))).map((path) => path.split("\n").slice(1).join(" > "));
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

type Sides<T> = Readonly<Record<"base" | "ours" | "theirs", T>>;

/** The merged value; undefined for a conflict. */
function merge({ base, ours, theirs }: Sides<string>): unknown {
  const sides = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
  const merged = mergeText({ ...sides, path: "a.json", labels: someLabels });
  if (merged === undefined || merged.conflict !== undefined) return undefined;
  return JSON.parse(Buffer.from(merged.bytes).toString());
}

describe("jsonBlocks", () => {
  test("names the objects of a list by what names them", () => {
    const text = pretty({ tasks: [{ task_key: "train", cluster: { workers: 2 }, tags: ["a"] }], end: 1 });

    expect(pathsOf(text.trimEnd())).toEqual([
      "",
      "tasks",
      'tasks > - task_key: "train"',
      'tasks > - task_key: "train" > task_key',
      'tasks > - task_key: "train" > cluster',
      'tasks > - task_key: "train" > cluster > workers',
      'tasks > - task_key: "train" > cluster',
      'tasks > - task_key: "train" > tags',
      'tasks > - task_key: "train" > tags',
      'tasks > - task_key: "train" > tags',
      'tasks > - task_key: "train"',
      "tasks",
      "end",
      "",
    ]);
  });

  test("names objects by their first key where nothing names them, and counts those that are alike", () => {
    const text = '[\n{"script": "a"},\n{"script": "b"},\n{"script": "a"},\n[1]\n]';

    expect(pathsOf(text)).toEqual(["", '- script: "a"', '- script: "b"', '- script: "a" #1', "- : ", ""]);
  });

  test("takes brackets in texts for texts", () => {
    expect(pathsOf('{\n"a": "}{ \\" ][",\n"b": 1\n}')).toEqual(["", "a", "b", ""]);
  });

  test("says something of each line of any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(blockPaths(jsonBlocks(lines))).toHaveLength(lines.length);
      }),
      runs(200),
    );
  });
});

type Properties = Readonly<Record<string, number>>;
type Items = Readonly<Record<string, Properties>>;

/** Undefined takes it away. */
interface Edit {
  readonly item: string;
  readonly property: string | undefined;
  readonly value: number | undefined;
}

const itemNames = ["a", "b", "c", "d", "e", "f"];
const propertyNames = ["p", "q", "r", "s", "t"];
const edits = fc.array(
  fc.record({
    item: fc.constantFrom(...itemNames),
    property: fc.option(fc.constantFrom(...propertyNames), { nil: undefined, freq: 4 }),
    value: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const lookAlike: Items = Object.fromEntries(
  itemNames.slice(0, 5).map((name) => [name, Object.fromEntries(propertyNames.map((key) => [key, 0]))]),
);

function apply(items: Items, all: readonly Edit[]): Items {
  const changed = new Map(Object.entries(items));
  for (const { item, property, value } of all) {
    const properties = new Map(Object.entries(changed.get(item) ?? { p: 9 }));
    if (property !== undefined && value !== undefined) properties.set(property, value);
    if (property !== undefined && value === undefined) properties.delete(property);
    if (property === undefined) changed.delete(item);
    else changed.set(item, Object.fromEntries(properties));
  }
  return Object.fromEntries(changed);
}

/** A list of objects that look alike but for a name at their end. */
function asList(items: Items): readonly unknown[] {
  return Object.entries(items).map(([name, properties]) => ({ ...properties, name }));
}

/** What each side made of each property, by item; a property that nobody has is absent. */
function facts(value: unknown): ReadonlyMap<string, unknown> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return new Map(
    list.flatMap((item): readonly (readonly [string, unknown])[] => {
      const entries = Object.entries(typeof item === "object" && item !== null ? item : {});
      const name = String(entries.find(([key]) => key === "name")?.[1]);
      return entries.map(([key, content]) => [`${name}.${key}`, content]);
    }),
  );
}

describe("merging JSON with objects that look alike", () => {
  test("never puts a change into another object", () => {
    fc.assert(
      fc.property(edits, edits, (ourEdits, theirEdits) => {
        const values = {
          base: asList(lookAlike),
          ours: asList(apply(lookAlike, ourEdits)),
          theirs: asList(apply(lookAlike, theirEdits)),
        };

        const merged = merge({
          base: pretty(values.base),
          ours: pretty(values.ours),
          theirs: pretty(values.theirs),
        });

        if (merged === undefined) return;
        const [base, ours, theirs] = [facts(values.base), facts(values.ours), facts(values.theirs)];
        const expected = new Map(
          [...new Set([...ours.keys(), ...theirs.keys()])]
            .map((key) => [key, ours.get(key) === base.get(key) ? theirs.get(key) : ours.get(key)] as const)
            .filter(([, content]) => content !== undefined),
        );
        expect(Object.fromEntries(facts(merged))).toEqual(Object.fromEntries(expected));
      }),
      runs(2000),
    );
  });

  test("leaves an object to a person that one side removed and the other one changed", () => {
    const base = pretty(asList(lookAlike));
    const ours = pretty(asList(apply(lookAlike, [{ item: "b", property: undefined, value: 1 }])));
    const theirs = pretty(asList(apply(lookAlike, [{ item: "b", property: "q", value: undefined }])));

    expect(merge({ base, ours, theirs })).toBeUndefined();
  });

  test("puts changes of two objects together", () => {
    const base = pretty(asList(lookAlike));
    const ours = pretty(asList(apply(lookAlike, [{ item: "b", property: "q", value: 1 }])));
    const theirs = pretty(asList(apply(lookAlike, [{ item: "d", property: "q", value: 2 }])));

    const merged = facts(merge({ base, ours, theirs }));

    expect([merged.get("b.q"), merged.get("d.q"), merged.size]).toEqual([1, 2, 30]);
  });
});
