/** Control, format and broken characters (file systems drop some of them), and what Windows gives a meaning. */
const forbiddenCharacter = /[\p{Cc}\p{Cf}\p{Cs}\\:*?"<>|]/u;
const forbiddenSegment = /^(?:\.{0,2}|\.git|git~1|.*[. ])$/i;
/** Names of devices on Windows, with any ending. */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?: *\..*)?$/i;

/** Whether a path from a file that anyone may edit stays inside the repository, outside `.git`, on every system. */
export function isSafePath(path: string): boolean {
  return (
    !forbiddenCharacter.test(path) &&
    path.split("/").every((segment) => !forbiddenSegment.test(segment) && !deviceName.test(segment))
  );
}
