import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** The package is incomplete: its templates are not beside its code. */
export function templatesMissing(looked: string): EacError {
  return new EacError({
    code: "EAC_TEMPLATE_MISSING",
    message: `The templates of generator-eac-model were not found (looked from ${looked}). The installation is incomplete.`,
    hint: "Install the package again: npm install --global generator-eac-model",
  });
}

/** Azure Pipelines would evaluate these answers instead of showing them. */
export function answersHoldExpressions(paths: readonly string[]): EacError {
  return new EacError({
    code: "EAC_TEMPLATE_EXPRESSION",
    message: `These answers hold text that Azure Pipelines would evaluate or no file can hold: ${paths.join(", ")}. Nothing was written.`,
    hint: "Write the values without $(…), ${{ … }}, $[ … ], ##vso[…] and broken characters; answers are plain text.",
    exitCode: exitCodes.answersInvalid,
    problems: paths.map((path) => ({
      path,
      rule: "plain-text",
      message: "It holds text that Azure Pipelines would evaluate, or a broken character.",
    })),
  });
}
