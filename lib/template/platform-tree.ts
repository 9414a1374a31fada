import { byPath } from "./by-path.ts";
import { stringify } from "yaml";
import { copiedTemplates } from "./file-rules.ts";
import type { RenderedFile, RenderedTree } from "./rendered-tree.ts";
import { dottedPath, targetMode } from "./target-path.ts";
import type { TemplateSet } from "./template-set.ts";

/** Where the platform's repository says which version of the templates it holds. */
export const platformVersionFile = ".eac-model/templates.yml";

const heading = "# Written by eac-model platform templates.\n";

/** The tag that models of this version name. */
export function templatesTag(version: string): string {
  return `v${version}`;
}

/** The platform's repository: the pipeline templates of every kind of model, sorted by path, the same bytes for the same version on every machine. */
export function platformTree({ version, files, platformFiles }: TemplateSet): RenderedTree {
  const templates = files
    .filter(({ path }) => path.startsWith(copiedTemplates))
    .map(({ path, bytes }): RenderedFile => {
      if (bytes === undefined)
        throw new Error(`${path} is rendered, so it cannot be the same for every model.`);
      return { path, mode: targetMode(path), bytes };
    });
  const own = [...platformFiles].map(([name, bytes]): RenderedFile => {
    const path = dottedPath(name);
    return { path, mode: targetMode(path), bytes };
  });
  const text = heading + stringify({ version });
  const marker: RenderedFile = {
    path: platformVersionFile,
    mode: "100644",
    bytes: Buffer.from(text, "utf8"),
  };
  return [...templates, ...own, marker].toSorted(byPath);
}
