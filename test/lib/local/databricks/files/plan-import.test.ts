import { describe, expect, test } from "@jest/globals";
import { planImport, type ImportRequest } from "../../../../../lib/local/databricks/files/plan-import.ts";

const header = "# Databricks notebook source\n";

function plan(source: string, differences: Partial<ImportRequest> = {}) {
  const request = { path: "/a/b.py", format: "AUTO", language: undefined, content: Buffer.from(source) };
  const { path, language, bytes } = planImport({ ...request, ...differences });
  return { path, language, text: bytes.toString("utf8") };
}

describe("planImport", () => {
  test.each([
    { source: `${header}x = 1`, path: "/a/b.py", made: { path: "/a/b", language: "PYTHON" } },
    {
      source: "\uFEFF# Databricks notebook source\r\nx",
      path: "/a/b.py",
      made: { path: "/a/b", language: "PYTHON" },
    },
    {
      source: "-- Databricks notebook source\nselect 1",
      path: "/q.SQL",
      made: { path: "/q", language: "SQL" },
    },
    { source: "// Databricks notebook source", path: "/q.scala", made: { path: "/q", language: "SCALA" } },
    { source: `${header}x`, path: "/a/b.R", made: { path: "/a/b", language: "R" } },
    { source: "x = 1", path: "/a/b.py", made: { path: "/a/b.py", language: undefined } },
    { source: `\n${header}`, path: "/a/b.py", made: { path: "/a/b.py", language: undefined } },
    { source: header, path: "/a/b.txt", made: { path: "/a/b.txt", language: undefined } },
    { source: header, path: "/a.py/b", made: { path: "/a.py/b", language: undefined } },
  ])("AUTO makes $made.language of $path with $source", ({ source, path, made }) => {
    const planned = plan(source, { path });

    expect(planned).toEqual({ ...made, text: source });
  });

  test("SOURCE makes a notebook at the path as it is, with its header once", () => {
    const bare = plan("x = 1", { format: "SOURCE", language: "PYTHON" });
    const whole = plan(`${header}x = 1`, { format: "SOURCE", language: "PYTHON" });

    expect(bare).toEqual({ path: "/a/b.py", language: "PYTHON", text: `${header}x = 1` });
    expect(whole).toEqual(bare);
  });

  test("RAW makes a file of anything", () => {
    expect(plan(header, { format: "RAW" })).toEqual({ path: "/a/b.py", language: undefined, text: header });
  });

  test.each([
    { differences: { format: "SOURCE" }, says: "The language has to be given" },
    { differences: { format: "SOURCE", language: "JAVA" }, says: "JAVA is not a language of notebooks" },
    { differences: { format: "DBC" }, says: "The format DBC is not supported here" },
    {
      differences: { content: Buffer.alloc(10 * 1024 * 1024 + 1) },
      says: "at most 10485760 can be imported",
    },
  ])("refuses what the service refuses: $says", ({ differences, says }) => {
    expect(() => plan("", differences)).toThrow(says);
  });
});
