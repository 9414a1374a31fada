import type { Answers } from "../answers/answers.ts";
import { answersHoldExpressions } from "../errors/catalogue/template.ts";

/** What Azure Pipelines evaluates wherever it stands, and has no way to write as plain text. */
const expression = /\$\(|\$\{\{|\$\[|##vso\[/;
/** Half of a character; no UTF-8 file can hold it. */
const loneSurrogate = /\p{Surrogate}/u;

/** Refuses answers that Azure Pipelines would run instead of show; names all of them at once. */
export function refuseExpressions(answers: Answers): void {
  const paths = [...strings("", answers)]
    .filter(([, text]) => expression.test(text) || loneSurrogate.test(text))
    .map(([path]) => path);
  if (paths.length > 0) throw answersHoldExpressions(paths);
}

function* strings(path: string, value: unknown): Generator<readonly [string, string]> {
  if (typeof value === "string") yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* strings(path === "" ? key : `${path}.${key}`, inner);
  }
}
