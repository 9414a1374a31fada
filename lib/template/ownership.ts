import { parse } from "yaml";

export type Owner = "platform" | "team";

/** `path` is a file, or a folder with everything below it when it ends in `/**`. */
export interface OwnershipRule {
  readonly path: string;
  readonly owner: Owner;
}

/** Who owns which path; of several rules that name a path, the last one counts. */
export type Ownership = readonly OwnershipRule[];

const everythingBelow = "/**";

/** Reads the text of an ownership.yml: the list of rules. */
export function parseOwnership(text: string): Ownership {
  const document: unknown = parse(text);
  if (!Array.isArray(document)) throw new Error("ownership.yml is not a list of rules.");
  return document.map((rule: unknown) => {
    if (!isRule(rule)) throw new Error(`ownership.yml has a wrong rule: ${JSON.stringify(rule)}`);
    return rule;
  });
}

/** The rule that decides about a path; undefined for a path that no rule names, which is a file the team added. */
export function ownershipRule(ownership: Ownership, path: string): OwnershipRule | undefined {
  return ownership.findLast((rule) => names(rule, path));
}

/** Who owns a path; what no rule names was added by the team and is theirs. */
export function ownerOf(ownership: Ownership, path: string): Owner {
  return ownershipRule(ownership, path)?.owner ?? "team";
}

/**
 * The platform's paths in the notation of a required-reviewer policy, such as `/src/*`, sorted;
 * a path below them that is the team's appears with a leading `!`.
 */
export function platformPaths(ownership: Ownership): readonly string[] {
  const own = ownership.filter(({ owner }) => owner === "platform");
  const exceptions = ownership.filter(
    ({ owner, path }) => owner === "team" && own.some((rule) => names(rule, path)),
  );
  return [
    ...own.map(({ path }) => policyPath(path)).toSorted(),
    ...exceptions.map(({ path }) => `!${policyPath(path)}`).toSorted(),
  ];
}

function names(rule: OwnershipRule, path: string): boolean {
  return rule.path.endsWith(everythingBelow)
    ? path.startsWith(rule.path.slice(0, -everythingBelow.length + 1))
    : path === rule.path;
}

/** In a policy `*` stands for any number of folders. */
function policyPath(path: string): string {
  return `/${path.endsWith(everythingBelow) ? path.slice(0, -1) : path}`;
}

function isRule(value: unknown): value is OwnershipRule {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "owner" in value &&
    (value.owner === "platform" || value.owner === "team")
  );
}
