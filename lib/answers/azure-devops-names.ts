interface NameRule {
  readonly kind: string;
  readonly most: number;
  readonly forbidden: RegExp;
  readonly shown: string;
}

/**
 * What Azure DevOps refuses in names.
 * Source: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
 */
const rules: Readonly<Record<"project" | "repository" | "team", NameRule>> = {
  project: {
    kind: "a project name",
    most: 64,
    forbidden: /[\\/:*?"'<>;#$*{},+=[\]|@~`]/,
    shown: `\\ / : * ? " ' < > ; # $ { } , + = [ ] | @ ~ and the backquote`,
  },
  repository: {
    kind: "a repository name",
    most: 64,
    forbidden: /[\\/:*?"<>;#$*{},+=[\]|\s]/,
    shown: `blanks and \\ / : * ? " < > ; # $ { } , + = [ ] |`,
  },
  team: {
    kind: "a team name and an area path",
    most: 64,
    forbidden: /[\\/[\]:|<>+=;?*,#$&"%@]/,
    shown: `\\ / [ ] : | < > + = ; ? * , # $ & " % and @`,
  },
};

const reservedWords = new Set(
  "system web.config bin app_browsers app_code app_data app_globalresources app_localresources app_themes app_webreferences defaultcollection".split(
    " ",
  ),
);

/** Why Azure DevOps refuses this name for this kind of thing, or undefined. */
export function azureDevOpsRefusal(kind: keyof typeof rules, name: string): string | undefined {
  const rule = rules[kind];
  if (name.length > rule.most) return `it is longer than the ${rule.most} characters of ${rule.kind}`;
  if (rule.forbidden.test(name)) return `${rule.kind} may not contain ${rule.shown}`;
  if (name !== name.trim()) return `${rule.kind} may not begin or end with a blank`;
  if (/^[._]|\.$/.test(name))
    return `${rule.kind} may not begin with a dot or underscore, nor end with a dot`;
  if (reservedWords.has(name.toLowerCase())) return `Azure DevOps keeps that name for itself`;
  return undefined;
}
