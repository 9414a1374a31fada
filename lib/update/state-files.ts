import type { Answers } from "../answers/answers.ts";
import { formatAnswers } from "../answers/format-answers.ts";
import { answersVersion } from "../answers/migrations.ts";
import { ownerOf } from "../template/ownership.ts";
import { ownershipFor } from "../template/render-tree.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { TemplateSet } from "../template/template-set.ts";
import { formatBaseline } from "./baseline.ts";
import { formatManifest, stateSchema, type Manifest } from "./manifest.ts";
import type { RepositoryState } from "./read-state.ts";
import { sha256, treeSha256 } from "./sha256.ts";
import { statePaths } from "./state-paths.ts";

export interface StateInput {
  readonly answers: Answers;
  readonly templates: TemplateSet;
  /** What `renderTree` made of the two, now or, of a file that is left alone, then. */
  readonly tree: RenderedTree;
  /** Paths with conflicts, and the copies beside them. */
  readonly unresolved?: readonly string[];
  /** Paths that the team took over. */
  readonly released?: readonly string[];
  /** What the repository has; a baseline that holds the same stays as it is, because another machine may zip it to other bytes. */
  readonly present?: Pick<RepositoryState, "manifest" | "baselineAnswersText" | "baselineBytes">;
}

/** The files under `.eac-model/` that a later update starts from, sorted by path; the same for the same input. */
export function stateFiles(input: StateInput): RenderedTree {
  const answersText = formatAnswers(input.answers);
  const answers = Buffer.from(answersText, "utf8");
  const manifest = describe(input, sha256(answers));
  return [
    { path: statePaths.answers, mode: "100644", bytes: answers },
    { path: statePaths.baseline, mode: "100644", bytes: baselineFor(input, { manifest, answersText }) },
    { path: statePaths.manifest, mode: "100644", bytes: Buffer.from(formatManifest(manifest), "utf8") },
  ];
}

function baselineFor(
  { tree, present }: StateInput,
  { manifest, answersText }: { readonly manifest: Manifest; readonly answersText: string },
): Uint8Array {
  const isPresent =
    present?.manifest.template.treeSha256 === manifest.template.treeSha256 &&
    present.baselineAnswersText === answersText;
  return isPresent ? present.baselineBytes : formatBaseline({ tree, answersText });
}

function describe(input: StateInput, answersSha256: string): Manifest {
  const { answers, templates, tree, unresolved = [], released = [] } = input;
  const ownership = ownershipFor(templates, answers);
  return {
    schema: stateSchema,
    template: { name: "model", version: templates.version, treeSha256: treeSha256(tree) },
    engines: templates.engines,
    answersSha256,
    answersVersion,
    files: Object.fromEntries(
      tree.map(({ path, mode, bytes }) => [
        path,
        { mode, owner: ownerOf(ownership, path), sha256: sha256(bytes) },
      ]),
    ),
    unresolved: unresolved.toSorted(),
    released: released.toSorted(),
  };
}
