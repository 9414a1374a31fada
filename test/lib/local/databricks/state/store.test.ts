import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { openStore, type StoredRecord } from "../../../../../lib/local/databricks/state/store.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

const isThing = (value: unknown): value is StoredRecord =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";

describe("the state of a workspace", () => {
  test("is the same after a restart, in its order, and only its owner can read it", async () => {
    await using folder = await temporaryFolder();
    const first = openStore(folder.path);
    const things = first.collection("thing", isThing);
    for (const id of ["b", "a", "c"]) things.put({ id });
    things.remove("c");
    const number = first.nextNumber();
    things.put({ id: "b" });

    const second = openStore(folder.path);

    expect(second.collection("thing", isThing).list()).toEqual([{ id: "b" }, { id: "a" }]);
    expect(second.nextNumber()).toBe(number + 1);
    expect(statSync(join(folder.path, "state.json")).mode & 0o777).toBe(0o600);
  });

  test("keeps kinds that nobody opened", async () => {
    await using folder = await temporaryFolder();
    openStore(folder.path).collection("thing", isThing).put({ id: "a" });

    openStore(folder.path).collection("other", isThing).put({ id: "b" });

    expect(openStore(folder.path).collection("thing", isThing).list()).toEqual([{ id: "a" }]);
  });

  test.each([
    { content: "{", why: /state\.json/ },
    { content: "[]", why: /expected form/ },
    { content: '{"schema": 2, "records": {}, "lastNumber": 1}', why: /newer version/ },
  ])("is refused when it is $content", async ({ content, why }) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "state.json"), content);

    expect(() => openStore(folder.path)).toThrow(why);
  });
});
