import type { Location, Method, Route } from "./route.ts";

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string | undefined>>;
}

export type MatchRoute = (method: Method, segments: readonly string[]) => RouteMatch | undefined;

interface Pattern {
  readonly route: Route;
  readonly parts: readonly Part[];
}

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  /** `{*path}`: the rest of the path, slashes included. */
  | { readonly kind: "rest"; readonly name: string };

/** Prepares a matcher over all routes. Fixed segments win over parameters, so `git/policy` is never a repository's name. */
export function routeMatcher(routes: readonly Route[]): MatchRoute {
  const patterns = routes
    .map((route): Pattern => ({ route, parts: patternOf(route) }))
    .toSorted(bySpecificity);
  return (method, segments) => {
    for (const { route, parts } of patterns) {
      const params = route.method === method ? matchParts(parts, segments) : undefined;
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

/** The location's route with its area and resource filled in, as clients expect it. */
export function fillTemplate({ routeTemplate, area, resourceName }: Location): string {
  return routeTemplate.replaceAll("{area}", area).replaceAll("{resource}", resourceName);
}

function patternOf(route: Route): readonly Part[] {
  return fillTemplate(route.location)
    .split("/")
    .filter((segment) => segment !== "")
    .flatMap((segment) => partOf(segment, route.requires));
}

function partOf(segment: string, requires: readonly string[]): readonly Part[] {
  const name = /^\{\*?(.+)\}$/.exec(segment)?.[1];
  if (name === undefined) return [{ kind: "text", text: segment.toLowerCase() }];
  if (!requires.includes(name)) return [];
  return [{ kind: segment.startsWith("{*") ? "rest" : "param", name }];
}

function bySpecificity(left: Pattern, right: Pattern): number {
  return fixedParts(right) - fixedParts(left) || left.parts.length - right.parts.length;
}

function fixedParts({ parts }: Pattern): number {
  return parts.filter(({ kind }) => kind === "text").length;
}

function matchParts(parts: readonly Part[], segments: readonly string[]): Record<string, string> | undefined {
  const hasRest = parts.at(-1)?.kind === "rest";
  if (hasRest ? segments.length < parts.length : segments.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.kind === "text" && part.text !== segment.toLowerCase()) return undefined;
    if (part.kind === "param") params[part.name] = segment;
    if (part.kind === "rest") params[part.name] = segments.slice(index).join("/");
  }
  return params;
}
