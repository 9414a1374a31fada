import type { Organization } from "./state/organization.ts";
import type { Identity } from "./state/organization-state.ts";
import { materializeUser, ownerIdentity } from "./state/well-known-identities.ts";

const mailForm = /^[^\s@:/\\]+@[^\s@:/\\]+$/;

/** Who asks: the owner, or the person whose mail address is the user name of Basic authentication. The token is that of the owner. */
export function callerOf(organization: Organization, authorization: string | undefined): Identity {
  const [scheme = "", value = ""] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "basic") return ownerIdentity(organization);
  const text = Buffer.from(value, "base64").toString("utf8");
  const name = text.slice(0, Math.max(0, text.indexOf(":")));
  if (!mailForm.test(name)) return ownerIdentity(organization);
  return materializeUser(organization, name, name.slice(0, name.indexOf("@")));
}
