import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { toPlain } from "../../../lib/pipelines/expressions/convert.ts";
import { evaluate } from "../../../lib/pipelines/expressions/evaluate.ts";
import { ExpressionError } from "../../../lib/pipelines/expressions/expression-error.ts";
import { commonFunctions } from "../../../lib/pipelines/expressions/functions.ts";
import { parseExpression } from "../../../lib/pipelines/expressions/parse.ts";
import { expandPipeline } from "../../../lib/pipelines/expand-pipeline.ts";
import { PipelineError } from "../../../lib/pipelines/problem.ts";
import { validatePipeline } from "../../../lib/pipelines/validate/validate-pipeline.ts";
import { toJson } from "../../../lib/pipelines/yaml-node.ts";
import { stringify } from "yaml";

/** What an expression is worth, or that it is refused in a sentence of ours. */
function outcomeOf(text: string): unknown {
  try {
    const tree = parseExpression(text, { functions: commonFunctions });
    if (tree === null) return "nothing";
    return toPlain(evaluate(tree, { functions: commonFunctions, lookUp: () => ({ a: [1, "b"] }) }));
  } catch (error) {
    if (error instanceof ExpressionError) return "refused";
    throw error;
  }
}

const pieces = fc.constantFrom(
  ..."( ) [ ] , . * ' '' a variables eq( format( and( true 1 -1.5 1.2.3 'x' {0} ${{ }} $[ # é \n".split(" "),
);
const expression = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(""));

/** A text with nothing that the service would take for an expression. */
const plain = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("${{"));
const name = fc.stringMatching(/^[a-z]{1,6}$/);

/** The literal of a value in an expression. */
const literal = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map((value) => ({ text: String(value), value })),
  fc.boolean().map((value) => ({ text: String(value), value })),
  plain.map((value) => ({ text: `'${value.replaceAll("'", "''")}'`, value })),
);

describe("whatever an expression is,", () => {
  test("it has a value or is refused", () => {
    fc.assert(
      fc.property(fc.oneof(expression, fc.string()), (text) => {
        expect(outcomeOf(text)).toBeDefined();
      }),
    );
  });

  test("a literal is worth itself", () => {
    fc.assert(fc.property(literal, ({ text, value }) => expect(outcomeOf(text)).toEqual(value)));
  });

  test("a value equals itself, and order has two sides", () => {
    fc.assert(
      fc.property(literal, literal, (left, right) => {
        expect(outcomeOf(`eq(${left.text}, ${left.text})`)).toBe(true);
        expect(outcomeOf(`ne(${left.text}, ${right.text})`)).toBe(
          !outcomeOf(`eq(${left.text}, ${right.text})`),
        );
      }),
    );
  });

  test("blanks around its parts change nothing", () => {
    fc.assert(
      fc.property(literal, literal, (left, right) => {
        const tight = outcomeOf(`coalesce(${left.text},${right.text})`);

        expect(outcomeOf(`  coalesce ( ${left.text} , ${right.text} ) `)).toEqual(tight);
      }),
    );
  });
});

const job = fc.record({
  job: name,
  displayName: plain,
  variables: fc.dictionary(name, plain, { maxKeys: 3 }),
  steps: fc.array(
    fc.record({ bash: plain, displayName: plain, env: fc.dictionary(name, plain, { maxKeys: 3 }) }),
    { minLength: 1, maxLength: 3 },
  ),
});

function expand(text: string): unknown {
  return toJson(expandPipeline({ file: "pipeline.yml", read: () => text }).root);
}

describe("whatever a pipeline is,", () => {
  test("expanding what was expanded changes nothing", () => {
    fc.assert(
      fc.property(fc.array(job, { minLength: 1, maxLength: 3 }), (jobs) => {
        const once = expand(stringify({ trigger: "none", jobs }));

        expect(expand(stringify(once))).toEqual(once);
      }),
    );
  });

  test("a text of a user stays what it was", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const source = "parameters:\n  - name: p\nsteps:\n  - bash: ${{ parameters.p }}\n";
        const { root } = expandPipeline({
          file: "pipeline.yml",
          read: () => source,
          parameters: { p: text },
        });

        expect(toJson(root)).toEqual({ steps: [{ bash: text }] });
      }),
    );
  });

  test("garbage is judged and never breaks the check", () => {
    const line = fc.tuple(
      fc.nat({ max: 4 }),
      fc.constantFrom("- ", "", "? ", "- - "),
      fc.constantFrom(
        "steps:",
        "jobs:",
        "stages:",
        "template: a.yml",
        "bash: ${{ parameters.a }}",
        "${{ if true }}:",
        "${{ else }}:",
        "${{ each a in b }}:",
        "variables:",
        "pool: [",
        "strategy: { matrix: a }",
        "parameters:",
        "name: a",
        "&a *a",
        "extends:",
        "trigger: none",
        "resources: { repositories: [1] }",
        "environment: {}",
        "schedules: [{}]",
      ),
    );
    const text = fc
      .array(line, { maxLength: 12 })
      .map((lines) => lines.map(([depth, mark, rest]) => `${"  ".repeat(depth)}${mark}${rest}`).join("\n"));

    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (source) => {
        const { problems } = validatePipeline({ file: "pipeline.yml", read: () => source });

        for (const { at, message } of problems) {
          expect(at.line).toBeGreaterThan(0);
          expect(message).toMatch(/\S/);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["deep lists", "[".repeat(20_000)],
    ["deep mappings", `a: ${"{a: ".repeat(5000)}`],
    ["deep parentheses", `steps:\n  - bash: \${{ ${"not(".repeat(5000)} }}`],
    ["many brackets", `steps:\n  - bash: \${{ variables${"['a']".repeat(5000)} }}`],
    ["a long apostrophe", `steps:\n  - bash: \${{ '${"''".repeat(50_000)} }}`],
    ["a long number", `steps:\n  - bash: \${{ ${"1".repeat(100_000)}x }}`],
    ["many opening braces", `steps:\n  - bash: ${"${{".repeat(50_000)}`],
  ])(
    "%s end in a sentence, soon",
    (_title, text) => {
      expect(() => expand(text)).toThrow(PipelineError);
    },
    5000,
  );
});
