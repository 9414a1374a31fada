import type { RepositoryRecord } from "./repository-record.ts";

export interface Version {
  /** As the client wrote it. */
  readonly text: string;
  /** A full ref or a commit id: git takes it for nothing else. */
  readonly revision: string;
}

/** Clients name the type in words or by its number. */
const refs: ReadonlyMap<string, string> = new Map([
  ["branch", "refs/heads/"],
  ["0", "refs/heads/"],
  ["tag", "refs/tags/"],
  ["1", "refs/tags/"],
]);

/** What no ref's name may hold (git help check-ref-format); git would read it as an expression, such as `main~1`. */
const expression = /[\s\p{Cc}~^:?*[\\]|\.\.|@\{/u;
const noRevision = "refs/none";

/** The branch, tag or commit that a query names under a prefix, such as `versiondescriptor.`; the default branch where it names none. */
export function readVersion(
  query: ReadonlyMap<string, string>,
  prefix: string,
  repository: RepositoryRecord,
): Version {
  const text = query.get(`${prefix}version`) ?? shortBranch(repository);
  const type = (query.get(`${prefix}versiontype`) ?? "branch").toLowerCase();
  const ref = refs.get(type);
  if (ref !== undefined) return { text, revision: expression.test(text) ? noRevision : `${ref}${text}` };
  return { text, revision: /^[0-9a-f]{40}$/i.test(text) ? text : noRevision };
}

function shortBranch({ defaultBranch }: RepositoryRecord): string {
  return (defaultBranch ?? "refs/heads/main").replace("refs/heads/", "");
}
