/**
 * Whether a changed file is among those that a policy is about. Patterns are applied from left to right, `!` takes away again what
 * came before; `*` stands for anything, slashes included. A list of nothing but exclusions begins with every file.
 */
export function matchesPath(patterns: readonly string[], path: string): boolean {
  const [first] = patterns;
  let isMatch = first === undefined || first.startsWith("!");
  for (const pattern of patterns) {
    const isExclusion = pattern.startsWith("!");
    if (formOf(isExclusion ? pattern.slice(1) : pattern).test(`/${path}`)) isMatch = !isExclusion;
  }
  return isMatch;
}

/** A pattern without a wildcard at its end names a file or a folder; one that does not begin at the root fits anywhere. */
function formOf(pattern: string): RegExp {
  const escaped = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(".*");
  return new RegExp(`${pattern.startsWith("/") ? "^" : ""}${escaped}$`, "i");
}
