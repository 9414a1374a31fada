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
  const limit = countIn(query[limitName], Math.min(20, largest)) || largest;
  if (limit > largest) throw invalidParameter(`${limitName} must be between 0 and ${largest}.`);
  const start = countIn(query["page_token"] ?? query["offset"], 0);
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

function countIn(text: string | undefined, absent: number): number {
  const count = Number(text ?? absent);
  if (Number.isInteger(count) && count >= 0) return count;
  throw invalidParameter(`${JSON.stringify(text)} is no size or token of a page.`);
}
