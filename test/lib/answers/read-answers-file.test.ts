import { execFile, execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readAnswersFile } from "../../../lib/answers/read-answers-file.ts";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function read(content: string | Uint8Array): Promise<unknown> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "answers.yml");
  await writeFile(path, content);
  return await readAnswersFile(path);
}

async function refusal(content: string | Uint8Array): Promise<string> {
  try {
    await read(content);
  } catch (error) {
    if (error instanceof EacError)
      return `${error.code} ${error.exitCode} ${error.problems.map((it) => it.path.replace(/^.*answers.yml/, "") + " " + it.message).join(" ")}`;
    throw error;
  }
  throw new Error("read");
}

describe("readAnswersFile", () => {
  test.each([
    { name: "YAML", content: "model_name: iris\nmaturity_level: 3\n" },
    { name: "JSON", content: '{"model_name": "iris", "maturity_level": 3}' },
  ])("reads $name", async ({ content }) => {
    expect(await read(content)).toEqual({ model_name: "iris", maturity_level: 3 });
  });

  test("takes an empty file for no answers", async () => {
    expect(await read("# nothing yet\n")).toEqual({});
  });

  test.each([
    { name: "a broken line", content: "model_name: iris\n  team: [\n", says: ":" },
    { name: "a key twice", content: "a: 1\nb: 2\na: 3\n", says: ":3:1 Map keys must be unique" },
    { name: "two documents", content: "a: 1\n---\nb: 2\n", says: "more than one document" },
    { name: "a list", content: "- a\n", says: "no mapping" },
    { name: "text", content: "hello\n", says: "no mapping" },
    {
      name: "a tag",
      content: "a: !!js/function 'x'\n",
      says: ":1:18 tag:yaml.org,2002:js/function is a tag",
    },
    { name: "a tag that YAML knows", content: "a: !!binary aGk=\n", says: "is a tag" },
    {
      name: "an anchor that holds itself",
      content: "a: &a\n  b: *a\n",
      says: ":2:6 *a is an alias of what it stands in",
    },
    { name: "an alias of nothing", content: "a: *b\n", says: ":1:4 *b is an alias of nothing" },
    { name: "lists that nest without end", content: `a: ${"[".repeat(50_000)}`, says: "nests too deep" },
    {
      name: "a crowd of aliases",
      content: `a: &a x\nb: [${"*a,".repeat(200)}]\n`,
      says: "anchors too often",
    },
    { name: "bytes that are no UTF-8", content: Buffer.from([0x61, 0xff]), says: "not UTF-8" },
    { name: "a huge file", content: "a: " + "x".repeat(300 * 1024), says: "larger than 256 kB" },
    {
      name: "a bomb of aliases",
      content: `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n`,
      says: "anchors too often",
    },
  ])("refuses $name", async ({ content, says }) => {
    const text = await refusal(content);

    expect(text).toContain("EAC_ANSWERS_FILE 5");
    expect(text).toContain(says);
  });

  test("says of a conflict that nobody resolved just that, with the lines of its markers", async () => {
    const content =
      "model_name: iris\n<<<<<<< HEAD\nteam_name: red\n=======\nteam_name: blue\n>>>>>>> other\n";

    expect(await refusal(content)).toMatch(
      /:2:1 has a conflict marker.*:6:1 has a conflict marker[^:]*: [^:]*$/,
    );
  });

  test("reads anchors that are used now and then", async () => {
    const content = await read("a: &leads [x@example.com]\nb: *leads\n");

    expect(content).toEqual({ a: ["x@example.com"], b: ["x@example.com"] });
  });

  test("says no more than twenty things about a file that is no YAML at all", async () => {
    const failure = read("a: b: c\n".repeat(500));

    await expect(failure).rejects.toMatchObject({ problems: { length: 20 } });
  });

  test("reads all of a pipe that comes in pieces", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    execFile("sh", ["-c", `{ printf 'a: '; head -c 150000 /dev/zero | tr '\\0' x; } >"$0"`, path]);

    const content = await readAnswersFile(path);

    expect(content).toEqual({ a: "x".repeat(150_000) });
  });

  test.each([
    { name: "a missing file", path: "none.yml", says: "does not exist" },
    { name: "a folder", path: "folder", says: "is a folder" },
  ])("refuses $name", async ({ path, says }) => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "folder"));

    const failure = readAnswersFile(join(folder.path, path));

    await expect(failure).rejects.toMatchObject({ problems: [{ message: expect.stringContaining(says) }] });
  });
});
