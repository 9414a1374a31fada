import { invalidParameter } from "./workspace-error.ts";

export interface Page<T> {
  readonly shown: readonly T[];
  /** Token of the page after this one and of the one before, where there are such. */
  readonly tokens: { readonly next_page_token?: string; readonly prev_page_token?: string };
  readonly hasMore: boolean;
}

/** One page of a list; `limitName` is the parameter that this operation has for the size of a page. */
export function pageOf<T>(
  all: readonly T[],
  query: Readonly<Record<string, string>>,
  { limitName, largest }: { readonly limitName: string; readonly largest: number },
): Page<T> {
  const limit = Number(query[limitName] ?? Math.min(20, largest)) || largest;
  if (!Number.isInteger(limit) || limit < 0 || limit > largest)
    throw invalidParameter(`${limitName} must be between 0 and ${largest}.`);
  const start = Number(query["page_token"] ?? query["offset"] ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter("Invalid page token.");
  const end = start + limit;
  return {
    shown: all.slice(start, end),
    tokens: {
      ...(end < all.length ? { next_page_token: String(end) } : {}),
      ...(start > 0 ? { prev_page_token: String(Math.max(0, start - limit)) } : {}),
    },
    hasMore: end < all.length,
  };
}
