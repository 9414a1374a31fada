import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { allWorkspaceRoutes } from "../../../../lib/local/databricks/all-routes.ts";

const page = readFileSync(
  join(import.meta.dirname, "../../../../docs/reference/local-databricks.md"),
  "utf8",
);

/** `/api/{2.0,2.1}/a` stands for one path of each version. */
function pathsOf(cell: string): readonly string[] {
  const [, before = "", versions = "", after = ""] = /^(.*)\{([\d.]+(?:,[\d.]+)*)\}(.*)$/.exec(cell) ?? [];
  return versions === "" ? [cell] : versions.split(",").map((version) => `${before}${version}${after}`);
}

test("the reference lists every route of the local workspace, and no other", () => {
  const rows = [...page.matchAll(/^\| .* \| `([^`]+)` \| (GET|POST) \|$/gm)];

  const listed = rows.flatMap(([, cell = "", method]) => pathsOf(cell).map((path) => `${method} ${path}`));

  expect(listed.toSorted()).toEqual(
    allWorkspaceRoutes.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
});
