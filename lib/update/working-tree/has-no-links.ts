const codes = new Set(["EXDEV", "EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Whether a failure says that a file cannot have a second name: the file system has none, or it would be on another one. */
export function hasNoLinks(error: NodeJS.ErrnoException): boolean {
  return codes.has(error.code ?? "");
}
