import { EacError, type Problem } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** Answers are missing or break a rule; all of them are named. */
export function answersInvalid(problems: readonly Problem[]): EacError {
  const count = problems.length === 1 ? "One answer is" : `${problems.length} answers are`;
  return new EacError({
    code: "EAC_ANSWERS_INVALID",
    message: `${count} missing or not valid. Nothing was written.`,
    hint: "All answers: docs/reference/answers.md, or eac-model schema.",
    exitCode: exitCodes.answersInvalid,
    problems,
  });
}

/** The answers file cannot be read or is not a plain YAML or JSON mapping. */
export function answersFileInvalid(path: string, problems: readonly Problem[], cause?: unknown): EacError {
  return new EacError({
    code: "EAC_ANSWERS_FILE",
    message: `The answers file ${path} cannot be used. Nothing was written.`,
    hint: "An answers file is a YAML or JSON mapping such as: model_name: iris",
    exitCode: exitCodes.answersInvalid,
    problems,
    cause,
  });
}

/** Values of --set that are not of the form key=value. */
export function setOptionsInvalid(problems: readonly Problem[]): EacError {
  return new EacError({
    code: "EAC_ANSWERS_SET",
    message: "A value of --set is not of the form key=value. Nothing was written.",
    hint: "For example: --set maturity_level=5 --set registry.lifecycle=aliases --set 'environments[1].name=qa'",
    exitCode: exitCodes.answersInvalid,
    problems,
  });
}
