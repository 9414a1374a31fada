/** The service puts a user name into the URLs that it gives; it is not needed and would be asked a password for. */
export function withoutUser(text: string): string {
  if (!/^https?:/i.test(text)) return text;
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.toString();
}

/** Answers the value of the Authorization header for a URL; asked again for each command, because tokens expire. */
export type Authorize = (url: string) => Promise<string>;

/**
 * Variables that give git a credential for one server: neither arguments, nor the URL, nor .git/config ever hold it.
 * No other server gets to see it, not even one that this server redirects to, and no helper of the person is asked.
 */
export async function credentialEnvironment(
  url: string,
  authorize: Authorize,
): Promise<Readonly<Record<string, string>>> {
  return {
    GIT_CONFIG_COUNT: "3",
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${await authorize(url)}`,
    GIT_CONFIG_KEY_1: "credential.helper",
    GIT_CONFIG_VALUE_1: "",
    GIT_CONFIG_KEY_2: "http.followRedirects",
    GIT_CONFIG_VALUE_2: "false",
  };
}
