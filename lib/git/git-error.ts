import { EacError, type EacErrorOptions } from "../errors/eac-error.ts";

/** A git command that failed; `stderr` is git's own text with credentials removed. */
export class GitError extends EacError {
  override readonly name = "GitError";
  readonly stderr: string;

  constructor(options: EacErrorOptions & { readonly stderr: string }) {
    super(options);
    this.stderr = options.stderr;
  }
}
