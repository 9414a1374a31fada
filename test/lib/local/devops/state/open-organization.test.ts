import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { openOrganization } from "../../../../../lib/local/devops/state/open-organization.ts";
import type { Identity, StoredRecord } from "../../../../../lib/local/devops/state/organization-state.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

const isRecord = (record: StoredRecord): record is StoredRecord => "id" in record;

function person(id: string, memberIds: readonly string[] = []): Identity {
  const uniqueName = `${id}@example.com`;
  return {
    id,
    kind: "user",
    displayName: id,
    uniqueName,
    descriptor: id,
    subjectDescriptor: id,
    memberIds,
  };
}

describe("the state of an organisation", () => {
  test("is the same after it was saved and opened again", async () => {
    await using folder = await temporaryFolder();
    const options = { folder: folder.path, gitFolder: join(folder.path, "git") };
    const first = openOrganization(options);
    first.put("thing", { id: first.nextNumber("thing") });
    first.putIdentity(person("kim"));
    first.save();

    const second = openOrganization(options);

    expect(second.state()).toEqual(first.state());
    expect(second.nextNumber("thing")).toBe(2);
  });

  test("is not written when nothing changed, and leaves no draft behind", async () => {
    await using folder = await temporaryFolder();
    const organization = openOrganization({ folder: folder.path, gitFolder: folder.path });
    organization.put("thing", { id: 1 });
    organization.save();
    const path = join(folder.path, "state.json");
    await writeFile(path, "changed by hand");

    organization.save();

    expect(await readFile(path, "utf8")).toBe("changed by hand");
    expect(await readdir(folder.path)).toEqual(["state.json"]);
  });

  test("survives a draft that a crash left unfinished", async () => {
    await using folder = await temporaryFolder();
    const options = { folder: folder.path, gitFolder: folder.path };
    const first = openOrganization(options);
    first.put("thing", { id: 1 });
    first.save();
    await writeFile(join(folder.path, "state.json.next"), '{"schema":1,"inst');

    const second = openOrganization(options);
    second.put("thing", { id: 2 });
    second.save();

    expect(openOrganization(options).list("thing", isRecord)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("stays in memory without a folder", async () => {
    await using folder = await temporaryFolder();
    const git = join(folder.path, "git");
    await mkdir(git);
    const organization = openOrganization({ gitFolder: git });
    organization.put("thing", { id: 1 });

    organization.save();

    expect(await readdir(folder.path)).toEqual(["git"]);
  });

  test("takes its clock and its ids from whoever opens it", () => {
    const ids = ["a", "b", "c"][Symbol.iterator]();
    const organization = openOrganization({
      gitFolder: "",
      now: () => new Date(0),
      ids: () => ids.next().value ?? "",
    });

    expect(organization.state().instanceId).toBe("a");
    expect(organization.newGuid()).toBe("b");
    expect(organization.now()).toBe("1970-01-01T00:00:00.000Z");
  });

  test("knows nobody by a name that every object has", () => {
    const organization = openOrganization({ gitFolder: "" });

    expect(organization.identity("__proto__")).toBeUndefined();
    expect(organization.identity("constructor")).toBeUndefined();
  });

  test("forgets who is removed, in every group too", () => {
    const organization = openOrganization({ gitFolder: "" });
    organization.putIdentity(person("kim"));
    organization.putIdentity(person("group", ["kim", "lena"]));

    organization.removeIdentity("kim");

    expect(organization.identity("kim")).toBeUndefined();
    expect(organization.identity("group")?.memberIds).toEqual(["lena"]);
  });

  test.each([
    { content: "{", words: "JSON" },
    { content: "[]", words: "it does not have the expected form" },
    { content: '{"schema":1,"instanceId":"a"}', words: "it does not have the expected form" },
    { content: '{"schema":9}', words: "a newer version of eac-model wrote it" },
  ])("is refused where it cannot be read: $content", async ({ content, words }) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "state.json"), content);

    expect(() => openOrganization({ folder: folder.path, gitFolder: "" })).toThrow(
      expect.objectContaining({
        code: "EAC_LOCAL_STATE_INVALID",
        message: expect.stringContaining(words),
      }),
    );
  });
});
