import { describe, expect, test } from "@jest/globals";
import {
  localLine,
  planInstallation,
} from "../../../../../lib/local/databricks/libraries/plan-installation.ts";

describe("planInstallation", () => {
  test.each([
    { library: { pypi: { package: "click==8.1.7" } }, lines: ["click==8.1.7"] },
    {
      library: { pypi: { package: "click", repo: "https://feed.example/simple" } },
      lines: ["--index-url https://feed.example/simple", "click"],
    },
    {
      library: { whl: "/Workspace/Shared/a-1.0-py3-none-any.whl" },
      lines: ["/Workspace/Shared/a-1.0-py3-none-any.whl"],
    },
  ])("installs $library", ({ library, lines }) => {
    expect(planInstallation(library)).toEqual({ kind: "lines", lines });
  });

  test("reads a requirements file of the workspace", () => {
    const plan = planInstallation({ requirements: "/Workspace/a/requirements.txt" });

    expect(plan).toEqual({ kind: "file", path: "/Workspace/a/requirements.txt" });
  });

  test.each([
    { library: { jar: "dbfs:/a.jar" }, why: "not jar" },
    { library: { egg: "dbfs:/a.egg" }, why: "not egg" },
    { library: { whl: "dbfs:/a.whl" }, why: "no wheel of the workspace" },
    { library: { whl: "/a.whl\n--index-url x" }, why: "no wheel of the workspace" },
    { library: { requirements: "/a.yml" }, why: "no requirements file" },
    { library: { pypi: { package: "a\n--index-url https://evil.example" } }, why: "one line" },
  ])("says why $library cannot be installed", ({ library, why }) => {
    expect(planInstallation(library)).toEqual({ kind: "impossible", why: expect.stringContaining(why) });
  });
});

test.each([
  { line: "/Workspace/a/b.whl", local: "/root/a/b.whl" },
  { line: "-r /Workspace/r.txt", local: "-r /root/r.txt" },
  { line: "--requirement=/Workspace/r.txt", local: "--requirement=/root/r.txt" },
  { line: "iris @ file:///Workspace/i.whl", local: "iris @ file:///root/i.whl" },
  { line: "-e /Workspace/m[dev]", local: "-e /root/m[dev]" },
  {
    line: "pandas>=2 # see https://example/Workspace/x",
    local: "pandas>=2 # see https://example/Workspace/x",
  },
])("a line of a requirements file names this machine: $local", ({ line, local }) => {
  expect(localLine(line, (path) => path.replace("/Workspace", "/root"))).toBe(local);
});
