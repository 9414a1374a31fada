const forbiddenCharacter = /[\p{Cc}\\:*?"<>|]/u;
const forbiddenSegment = /^(?:\.{0,2}|\.git|git~1|.*[. ])$/i;

/** Whether a path from a file that anyone may edit stays inside the repository, outside `.git`, on every system. */
export function isSafePath(path: string): boolean {
  return (
    !forbiddenCharacter.test(path) && path.split("/").every((segment) => !forbiddenSegment.test(segment))
  );
}
