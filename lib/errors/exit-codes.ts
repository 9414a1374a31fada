/** The process exit codes, a public contract (docs/reference/commands.md). */
export const exitCodes = {
  done: 0,
  bug: 1,
  conflicts: 2,
  updateAvailable: 3,
  drift: 4,
  answersInvalid: 5,
  preconditionFailed: 6,
  remoteFailed: 7,
  runFailed: 8,
  usage: 64,
  /** The shell convention for a command ended by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
