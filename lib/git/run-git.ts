import { answerOf, startGit } from "./git-process.ts";

export interface RunGitOptions {
  /** Variables on top of the inherited ones; the place for credentials, never the arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** What git reads from its standard input. */
  readonly input?: string;
}

/** Runs one git command in a folder and answers its standard output; throws GitError with git's own words. */
export async function runGit(
  folder: string,
  args: readonly string[],
  { env = {}, input }: RunGitOptions = {},
): Promise<string> {
  return await answerOf(startGit(args, { folder, env }), input);
}
