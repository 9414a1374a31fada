import { exitCodes, type ExitCode } from "./exit-codes.ts";

export interface EacErrorOptions {
  /** Permanent, `EAC_<AREA>_<WHAT>`, never reused, a heading in docs/reference/errors.md. */
  readonly code: string;
  /** What happened and why, in full sentences. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string | undefined;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
  /** The single findings, where one error reports many at once. */
  readonly problems?: readonly Problem[];
}

/** One finding among many: where it is, which rule it breaks, and what would satisfy the rule. */
export interface Problem {
  /** Dotted path of the value, such as `cluster.min_workers`, or a file path. */
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** An error the user can act on; everything else that is thrown is a bug of ours. */
export class EacError extends Error {
  override readonly name: string = "EacError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];

  /** Also those of another copy of this module: the command line is bundled, and the local servers are not. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return this === EacError && value instanceof Error && "code" in value && "problems" in value;
  }

  constructor(options: EacErrorOptions) {
    super(options.message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.preconditionFailed;
    this.problems = options.problems ?? [];
  }
}
