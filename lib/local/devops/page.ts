/** One page of a list: `$top` entries from `continuationToken` on, and the header that leads to the next page. */
export function page<T>(
  all: readonly T[],
  query: ReadonlyMap<string, string>,
): { readonly shown: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const top = Number(query.get("$top") ?? all.length);
  const start = Number(query.get("continuationtoken") ?? 0);
  if (!Number.isInteger(top) || top <= 0 || !Number.isInteger(start) || start < 0)
    return { shown: all, headers: {} };
  const end = start + top;
  return {
    shown: all.slice(start, end),
    headers: end < all.length ? { "x-ms-continuationtoken": String(end) } : {},
  };
}
