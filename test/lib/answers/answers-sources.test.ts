import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { mergeAnswers, setAnswers } from "../../../lib/answers/merge-answers.ts";
import { parseSetOptions } from "../../../lib/answers/parse-set-options.ts";
import { answersFromReplies, deriveQuestions } from "../../../lib/answers/questions.ts";
import { readAnswersFile } from "../../../lib/answers/read-answers-file.ts";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { collectAnswers } from "../../../lib/scaffold/collect-answers.ts";
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
    { name: "a tag", content: "a: !!js/function 'x'\n", says: ":1:4" },
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

  test("reads an anchor inside itself without running for ever", async () => {
    const text = await refusal("a: &a\n  b: *a\n").catch((error: unknown) => String(error));

    expect(text).toBeDefined();
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

describe("--set", () => {
  test("takes YAML values at dotted paths and in lists", () => {
    const options = parseSetOptions([
      "maturity_level=5",
      "registry.lifecycle=aliases",
      "environments[1].name=uat",
      "environments.0.name=dev",
      "members=[a@b.c]",
      "image=a=b",
      "team_name=",
    ]);

    expect(
      setAnswers(
        { environments: [{ name: "tst", workspace_url: "https://a" }, { name: "qa" }, { name: "prod" }] },
        options,
      ),
    ).toEqual({
      maturity_level: 5,
      registry: { lifecycle: "aliases" },
      environments: [{ name: "dev", workspace_url: "https://a" }, { name: "uat" }, { name: "prod" }],
      members: ["a@b.c"],
      image: "a=b",
      team_name: "",
    });
  });

  test("reports every malformed value at once", () => {
    const words = ["model_name", "a..b=1", "=x", "x={", "a[100000000].b=1"];

    expect(() => parseSetOptions(words)).toThrow(
      expect.objectContaining({
        code: "EAC_ANSWERS_SET",
        exitCode: 5,
        problems: words.map((word) => expect.objectContaining({ path: `--set ${word}` })),
      }),
    );
  });

  test("keeps a key named __proto__ from reaching any prototype", () => {
    const result = setAnswers({}, parseSetOptions(["__proto__.polluted=yes"]));

    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(result)).toEqual(["__proto__"]);
  });
});

test("mergeAnswers merges mappings and replaces lists, the later layer the stronger", () => {
  const merged = mergeAnswers([
    { registry: { lifecycle: "stages", cmr_scope: "a" }, members: ["x"] },
    { registry: { lifecycle: "aliases" }, members: ["y"] },
  ]);

  expect(merged).toEqual({ registry: { lifecycle: "aliases", cmr_scope: "a" }, members: ["y"] });
});

describe("deriveQuestions", () => {
  test("asks the six questions in order, with their defaults", () => {
    const questions = deriveQuestions({});

    expect(questions.map(({ name, default: initial }) => [name, initial])).toEqual([
      ["model_name", undefined],
      ["team_name", undefined],
      ["model_type", "supervised"],
      ["serving", "batch"],
      ["environments", "tst, qa, prod"],
      ["maturity_level", 3],
    ]);
  });

  test("does not ask what is answered", () => {
    expect(
      deriveQuestions({ model_name: "iris", team_name: "t", maturity_level: 1 }).map(({ name }) => name),
    ).toEqual(["model_type", "serving", "environments"]);
  });

  test("offers a maturity level by what it means", () => {
    const question = deriveQuestions({}).find(({ name }) => name === "maturity_level");

    expect(question).toMatchObject({
      type: "select",
      choices: expect.arrayContaining([{ name: "5 automated operations", value: 5 }]),
    });
  });

  test.each([
    { name: "model_name", reply: "Churn2", says: "Try churn2." },
    { name: "model_name", reply: "churn2", says: true },
    { name: "team_name", reply: "", says: "team_name" },
    { name: "environments", reply: "tst", says: "at least 2" },
    { name: "environments", reply: "tst, tst", says: "already" },
    { name: "environments", reply: "dev prod", says: true },
  ])("checks the reply $reply to $name as it is typed", ({ name, reply, says }) => {
    const question = deriveQuestions({}).find((candidate) => candidate.name === name);
    if (question?.type !== "input") throw new Error("no input question");

    const verdict = question.validate(reply);

    if (says === true) expect(verdict).toBe(true);
    else expect(verdict).toContain(says);
  });

  test("turns names with commas into environments", () => {
    expect(answersFromReplies({ environments: " dev,  prod ", model_name: " iris " })).toEqual({
      environments: [{ name: "dev" }, { name: "prod" }],
      model_name: "iris",
    });
  });
});

describe("collectAnswers", () => {
  test("prefers --set to the file, the file to a person, and a person to the default", async () => {
    await using folder = await temporaryFolder();
    const answersFile = join(folder.path, "a.yml");
    await writeFile(answersFile, "model_name: from-file\nserving: rest\nmaturity_level: 1\n");
    const asked: string[] = [];

    const answers = await collectAnswers({
      fixed: {},
      set: ["maturity_level=5"],
      answersFile,
      ask: (questions) => {
        asked.push(...questions.map(({ name }) => name));
        return Promise.resolve({ team_name: "asked", model_type: "unsupervised", environments: "a, b" });
      },
    });

    expect(asked).toEqual(["team_name", "model_type", "environments"]);
    expect(answers).toMatchObject({
      model_name: "from-file",
      serving: "rest",
      maturity_level: 5,
      team_name: "asked",
      model_type: "unsupervised",
      environment_file: "conda",
    });
  });

  test("lists what is missing and what is wrong together where nobody can be asked", async () => {
    const failure = collectAnswers({
      fixed: {},
      set: ["serving=soap"],
      answersFile: undefined,
      ask: undefined,
    });

    await expect(failure).rejects.toMatchObject({
      exitCode: 5,
      problems: expect.arrayContaining([
        expect.objectContaining({ path: "model_name", rule: "required" }),
        expect.objectContaining({ path: "team_name", rule: "required" }),
        expect.objectContaining({ path: "serving", rule: "enum" }),
      ]),
    });
  });
});
