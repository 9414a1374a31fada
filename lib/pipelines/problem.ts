/** A place in a file of a pipeline; lines and columns count from 1. */
export interface Position {
  /** As the reader knows it: relative to the repository, with `@alias` when it is of another one. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a pipeline. */
export interface PipelineProblem {
  readonly at: Position;
  readonly message: string;
  readonly hint?: string;
  /** Legal for the service and still a mistake by the rules of this project. */
  readonly isAdvice?: true;
}

/** Why a pipeline cannot be read or expanded. */
export class PipelineError extends Error {
  override readonly name: string = "PipelineError";
  readonly problems: readonly PipelineProblem[];

  constructor(problems: readonly PipelineProblem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
  }
}

/** An error about one place. */
export function problemAt(at: Position, message: string, hint?: string): PipelineError {
  return new PipelineError([{ at, message, ...(hint === undefined ? {} : { hint }) }]);
}

/** `file:line:column: message`, as editors and terminals link it. */
export function formatProblem({ at, message, hint }: PipelineProblem): string {
  const end = hint === undefined ? "" : ` ${hint}`;
  return `${at.file}:${at.line}:${at.column}: ${message}${end}`;
}
