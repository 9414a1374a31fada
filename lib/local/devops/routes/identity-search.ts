import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { materializeUser } from "../state/well-known-identities.ts";

const mailForm = /^[^@\s\\]+@([^@\s]+\.[^@\s.]+)$/;
/** RFC 2606 keeps this domain free of people, so whoever is asked for there does not exist. */
const emptyDomain = /(^|\.)invalid$/i;

interface SearchFilter {
  readonly matches: (identity: Identity, wanted: string) => boolean;
  /** Whether the directory is asked for a mail address that nobody here has yet. */
  readonly asksDirectory: boolean;
}

const isNamed = ({ displayName, uniqueName }: Identity, wanted: string): boolean =>
  uniqueName === wanted || displayName.toLowerCase() === wanted || shortName(displayName) === wanted;

const filters: Readonly<Record<string, SearchFilter>> = {
  general: { matches: isNamed, asksDirectory: true },
  mailaddress: {
    matches: ({ kind, uniqueName }, wanted) => kind === "user" && uniqueName === wanted,
    asksDirectory: true,
  },
  accountname: {
    matches: ({ displayName, uniqueName }, wanted) =>
      uniqueName === wanted || shortName(displayName) === wanted,
    asksDirectory: true,
  },
  displayname: {
    matches: ({ displayName }, wanted) =>
      displayName.toLowerCase() === wanted || shortName(displayName) === wanted,
    asksDirectory: false,
  },
  directoryalias: {
    matches: ({ kind, uniqueName }, wanted) => kind === "user" && uniqueName.split("@", 1)[0] === wanted,
    asksDirectory: false,
  },
};

/**
 * Who is meant by a text, compared whole and ignoring case. The directory behind the organisation knows every mail address
 * but those of the reserved domain `.invalid`; asking for one brings its owner into the organisation.
 */
export function searchIdentities(
  organization: Organization,
  { filter, text }: { readonly filter: string; readonly text: string },
): readonly Identity[] {
  const name = filter.toLowerCase();
  const search = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (search === undefined) {
    throw new ServiceError(400, "ArgumentException", `The search filter ${filter} is not supported.`);
  }
  const wanted = text.trim().toLowerCase();
  const known = Object.values(organization.state().identities).filter((identity) =>
    search.matches(identity, wanted),
  );
  if (known.length > 0 || !search.asksDirectory) return known;
  const user = findInDirectory(organization, text.trim());
  return user === undefined ? [] : [user];
}

/** The user of a mail address, brought in where he is new; undefined where no such person exists. */
export function findInDirectory(organization: Organization, mail: string): Identity | undefined {
  const domain = mailForm.exec(mail)?.[1];
  if (domain === undefined || emptyDomain.test(domain)) return undefined;
  return materializeUser(organization, mail, mail.slice(0, mail.indexOf("@")));
}

/** `Contributors` of `[Project]\Contributors`. */
function shortName(displayName: string): string {
  return displayName.slice(displayName.indexOf("\\") + 1).toLowerCase();
}
