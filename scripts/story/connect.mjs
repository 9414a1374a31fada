// The local organisation as every client meets it: REST and git, with the token from its file.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A person is named by a mail address; without one the owner of the organisation acts. */
export function connect({ url, tokenFile }, project) {
  const token = readFileSync(tokenFile, "utf8").trim();
  const credential = (person) => `Basic ${Buffer.from(`${person}:${token}`).toString("base64")}`;

  /** The body of the answer; throws what the organisation says where it refuses. */
  async function ask(method, path, { body, person = "" } = {}) {
    const response = await fetch(`${url}/${project}/_apis/${path}`, {
      method,
      headers: {
        authorization: credential(person),
        accept: "application/json;api-version=7.1-preview",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === "" ? undefined : JSON.parse(text);
    if (!response.ok)
      throw new Error(answer?.message ?? `${method} ${path} was answered with ${response.status}.`);
    return answer;
  }

  /** What git printed; the token reaches it by the environment, where no list of processes shows it. */
  function git(words, person = "") {
    const env = {
      ...process.env,
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `http.${url}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: ${credential(person)}`,
    };
    const { status, stdout, stderr } = spawnSync("git", words, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${words[0]} failed: ${stderr.trim()}`);
    return stdout.trim();
  }

  return { url, project, ask, git, page: (path) => `${url}/${project}/${path}` };
}
