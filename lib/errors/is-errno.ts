/** True for a failed system call; with a code, only for that one (`ENOENT`, `EACCES`, …). */
export function isErrno(error: unknown, code?: string): error is NodeJS.ErrnoException {
  if (typeof error !== "object" || error === null || !("code" in error) || !("syscall" in error))
    return false;
  return code === undefined || error.code === code;
}
