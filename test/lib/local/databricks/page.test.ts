import { describe, expect, test } from "@jest/globals";
import { pageOf } from "../../../../lib/local/databricks/page.ts";

const rule = { limitName: "limit", largest: 25 };
const numbers = Array.from({ length: 30 }, (_, index) => index);

describe("pageOf", () => {
  test("shows twenty at first, and leads to the next page and back", () => {
    const first = pageOf(numbers, {}, rule);
    const second = pageOf(numbers, { page_token: first.tokens.next_page_token ?? "" }, rule);

    expect(first).toEqual({ shown: numbers.slice(0, 20), tokens: { next_page_token: "20" }, hasMore: true });
    expect(second).toEqual({ shown: numbers.slice(20), tokens: { prev_page_token: "0" }, hasMore: false });
  });

  test("shows as many as are wanted, and as many as it can for 0", () => {
    expect(pageOf(numbers, { limit: "2" }, rule).shown).toEqual([0, 1]);
    expect(pageOf(numbers, { limit: "0" }, rule).shown).toHaveLength(25);
  });

  test.each([{ limit: "26" }, { limit: "-1" }, { limit: "many" }, { page_token: "x" }])(
    "refuses %j",
    (query) => {
      expect(() => pageOf(numbers, query, rule)).toThrow(/limit|page/);
    },
  );
});
