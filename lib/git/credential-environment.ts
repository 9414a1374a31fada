/** The service puts a user name into the URLs that it gives; it is not needed and would be asked a password for. */
export function withoutUser(text: string): string {
  if (!/^https?:/i.test(text)) return text;
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.toString();
}

/**
 * Variables that give git a credential for one server: neither arguments, nor the URL, nor .git/config ever hold it.
 * No other server gets to see it, and no helper of the person is asked.
 */
export function credentialEnvironment(url: string, authorization: string): Readonly<Record<string, string>> {
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
    GIT_CONFIG_KEY_1: "credential.helper",
    GIT_CONFIG_VALUE_1: "",
  };
}
