import { beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { posix } from "node:path";
import { parse, parseDocument, stringify } from "yaml";
import type { Answers } from "../../../lib/answers/answers.ts";
import { corePipelines } from "../../../lib/answers/pipelines.ts";
import { expandPipeline } from "../../../lib/pipelines/expand-pipeline.ts";
import { toJson } from "../../../lib/pipelines/yaml-node.ts";
import { ownershipRule } from "../../../lib/template/ownership.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { ownershipFor, renderTree } from "../../../lib/template/render-tree.ts";
import type { TemplateSet } from "../../../lib/template/template-set.ts";
import { hasPipelinesSchema, pipelineProblems } from "../../support/azure-pipelines-schema.ts";
import { everyCombination, nameOf } from "../../support/every-combination.ts";

interface Repository {
  readonly answers: Answers;
  readonly texts: ReadonlyMap<string, string>;
}

let templates: TemplateSet;
let repositories: readonly Repository[];

beforeAll(async () => {
  templates = await readTemplates();
  repositories = everyCombination.map((answers) => ({
    answers,
    texts: new Map(
      renderTree(templates, answers).map(({ path, bytes }) => [path, Buffer.from(bytes).toString("utf8")]),
    ),
  }));
});

/** The different contents of all repositories, each with one place where it occurs. */
function differentFiles(pattern: RegExp): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { answers, texts } of repositories) {
    for (const [path, text] of texts) {
      if (pattern.test(path)) files.set(text, `${path} (${nameOf(answers)})`);
    }
  }
  return files;
}

function problemsOf(pattern: RegExp, check: (text: string) => readonly string[]): string[] {
  return [...differentFiles(pattern)].flatMap(([text, where]) =>
    check(text).map((problem) => `${where}: ${problem}`),
  );
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const describeWithPython = hasPython ? describe : describe.skip;
const describeWithSchema = hasPipelinesSchema ? describe : describe.skip;

describe("every combination of type, serving, environment file and maturity level", () => {
  test("has no empty file and no rest of a template", () => {
    const empty = problemsOf(/(?:)/, (text) => (text.length === 0 ? ["is empty"] : []));
    // Python is copied as it is, and may speak of what is undefined.
    const rest = problemsOf(/(?<!\.py)$/, (text) =>
      /<%|%>|\bundefined\b|\[object /.test(text) ? ["holds the rest of a template"] : [],
    );

    expect([...empty, ...rest].filter((problem) => !/__init__\.py .*is empty/.test(problem))).toEqual([]);
  });

  test("has YAML that parses, with each key once", () => {
    const problems = problemsOf(/\.ya?ml$/, (text) => {
      const { errors, warnings } = parseDocument(text, { uniqueKeys: true });
      return [...errors, ...warnings].map(({ message }) => message);
    });

    expect(problems).toEqual([]);
  });

  test("has YAML with two blanks of indentation, no tabs, line feeds only and one at the end", () => {
    const problems = problemsOf(/\.ya?ml$/, (text) => [
      ...(/\t|\r|[ ]$/m.test(text) ? ["has a tab, a carriage return or a blank at a line's end"] : []),
      ...(text.endsWith("\n") && !text.endsWith("\n\n") ? [] : ["does not end in one line feed"]),
      ...(/\n\n\n/.test(text) ? ["has two empty lines together"] : []),
    ]);

    expect(problems).toEqual([]);
  });

  describeWithPython("for python3, skipped where it is missing", () => {
    test("has Python that compiles", () => {
      const files = [...differentFiles(/\.py$/)].map(([text, where]) => ({ text, where }));
      const program =
        'import json, sys\nfor file in json.load(sys.stdin): compile(file["text"], file["where"], "exec")';

      const result = spawnSync("python3", ["-c", program], {
        input: JSON.stringify(files),
        encoding: "utf8",
      });

      expect(result.stderr).toBe("");
      expect(files.length).toBeGreaterThan(10);
    });
  });

  describeWithSchema("for the published schema, skipped where ../shared is absent", () => {
    test("has variables and, once they are expanded, pipelines that it accepts", () => {
      const variables = problemsOf(/_variables\.yml$/, pipelineProblems);
      const pipelines = new Map<string, string>();
      for (const { answers, texts } of repositories) {
        for (const { file } of corePipelines(answers)) {
          pipelines.set(expandedText(texts, file), `${file} (${nameOf(answers)})`);
        }
      }

      const problems = [...pipelines].flatMap(([text, where]) =>
        pipelineProblems(text).map((problem) => `${where}: ${problem}`),
      );

      expect([...variables, ...problems]).toEqual([]);
    });
  });

  test("has pipelines whose template references all resolve, and no pipeline template that none refers to", () => {
    const problems = repositories.flatMap(({ answers, texts }) => {
      const { missing, unused } = referenceProblems(texts);
      return [
        ...missing.map((reference) => `${nameOf(answers)}: ${reference} does not exist`),
        ...unused.map((path) => `${nameOf(answers)}: ${path} is not used`),
      ];
    });

    expect(problems).toEqual([]);
  });

  test("has scripts of at most five lines that stop at the first error and take no text from the pipeline", () => {
    const problems = problemsOf(/^pipelines\//, (text) => scripts(text).flatMap(scriptProblems));

    expect(problems).toEqual([]);
  });

  test("has stages, jobs and steps with a name to show, jobs with a time limit, and pipelines with explicit triggers", () => {
    const problems = problemsOf(/^pipelines\//, (text) => [
      ...mappingsOf(text).flatMap(styleProblems),
      ...(/^stages:/m.test(text) && !(/^trigger:/m.test(text) && /^pr:/m.test(text))
        ? ["a pipeline leaves its triggers to the service"]
        : []),
    ]);

    expect(problems).toEqual([]);
  });

  test("gives each file an owner", () => {
    const orphans = repositories.flatMap(({ answers, texts }) => {
      const ownership = ownershipFor(templates, answers);
      return [...texts.keys()].filter((path) => ownershipRule(ownership, path) === undefined);
    });

    expect([...new Set(orphans)]).toEqual([]);
  });

  test("differs from every other combination", () => {
    const contents = new Set(repositories.map(({ texts }) => JSON.stringify([...texts])));

    expect(contents.size).toBe(60);
  });
});

/** A pipeline as the service runs it, without templates and expressions. */
function expandedText(texts: ReadonlyMap<string, string>, file: string): string {
  const { root } = expandPipeline({ file, read: ({ path }) => texts.get(path) });
  return stringify(toJson(root), { aliasDuplicateObjects: false });
}

function referenceProblems(texts: ReadonlyMap<string, string>): { missing: string[]; unused: string[] } {
  const used = new Set<string>();
  for (const [path, text] of texts) {
    if (!path.startsWith("pipelines/")) continue;
    for (const reference of scalarsOf(text, "template")) {
      used.add(reference.startsWith("/") ? reference.slice(1) : posix.join(posix.dirname(path), reference));
    }
  }
  return {
    missing: [...used].filter((path) => !texts.has(path)),
    unused: [...texts.keys()].filter(
      (path) => path.startsWith("pipelines/") && !path.endsWith("_pipeline.yml") && !used.has(path),
    ),
  };
}

function scripts(text: string): readonly string[] {
  return ["bash", "script", "pwsh", "powershell"].flatMap((key) => scalarsOf(text, key));
}

function scriptProblems(script: string): string[] {
  const lines = script.trimEnd().split("\n");
  return [
    ...(lines.length > 5 ? [`a script has ${lines.length} lines`] : []),
    ...(lines.length > 1 && lines[0] !== "set -euo pipefail" ? ["a script ignores errors"] : []),
    ...(/\$\(|\$\{\{|\$\[/.test(script) ? [`a script takes text from an expression: ${script}`] : []),
  ];
}

const stepKeys = ["task", "bash", "script", "publish", "download", "checkout"];

function styleProblems(node: Readonly<Record<string, unknown>>): string[] {
  const what = [...stepKeys, "stage", "job", "deployment"].find((key) => key in node);
  if (what === undefined) return [];
  const name = `${what} ${String(node[what])}`;
  return [
    ...("displayName" in node ? [] : [`${name} has no displayName`]),
    ...((what === "job" || what === "deployment") && !("timeoutInMinutes" in node)
      ? [`${name} has no time limit`]
      : []),
  ];
}

function mappingsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return mappingsIn(parse(text));
}

function mappingsIn(node: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(node)) return node.flatMap((entry) => mappingsIn(entry));
  if (typeof node !== "object" || node === null) return [];
  return [{ ...node }, ...Object.values(node).flatMap((value) => mappingsIn(value))];
}

function scalarsOf(text: string, key: string): readonly string[] {
  return mappingsOf(text)
    .map((node) => node[key])
    .filter((value) => typeof value === "string");
}
