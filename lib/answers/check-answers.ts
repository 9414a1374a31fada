import type { Problem } from "../errors/eac-error.ts";
import type { Answers } from "./answers.ts";
import { formatPath, isMapping } from "./answers-input.ts";
import { ruleProblems } from "./rule-problems.ts";
import { describeSchemaErrors } from "./schema-problems.ts";
import { validateSchema } from "./validate-schema.ts";

export type CheckedAnswers =
  | { readonly ok: true; readonly answers: Answers }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks answers of any shape: either complete with all defaults, or with every problem found. Never throws. */
export function checkAnswers(input: unknown): CheckedAnswers {
  if (!isMapping(input)) return { ok: false, problems: [notAMapping] };
  const candidate = copyData(input);
  const verdict = validateSchema(candidate);
  const problems = describeSchemaErrors(verdict.errors, candidate);
  const broken = new Set(problems.map(({ path }) => path));
  const all = [...problems, ...ruleProblems(candidate, (path) => broken.has(formatPath(path)))];
  if (verdict.answers !== undefined && all.length === 0) return { ok: true, answers: verdict.answers };
  return { ok: false, problems: all };
}

const notAMapping: Problem = {
  path: "(answers)",
  rule: "type",
  message: "have to be a mapping of names to values, such as model_name: iris.",
};

/** No answer lies deeper than this; what does is wrong anyway, and would only exhaust the stack. */
const mostDepth = 8;

/** A copy that may be filled with defaults; what is no data becomes text, and a value inside itself or too deep is cut. */
function copyData(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint")
    return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "(a value inside itself)";
  const inside = [...above, value];
  if (inside.length > mostDepth) return "(a value too deep)";
  if (Array.isArray(value)) return value.map((item: unknown) => copyData(item, inside));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyData(inner, inside)]));
}
