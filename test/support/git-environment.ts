/**
 * Gives every git process of this test file an identity and no configuration of the machine or the person.
 * jest hands each file a copy of the environment: a child process sees it only when it is started with `{ env: process.env }`.
 */
export function isolateGit(): void {
  Object.assign(process.env, {
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Test Person",
    GIT_AUTHOR_EMAIL: "test.person@example.com",
    GIT_COMMITTER_NAME: "Test Person",
    GIT_COMMITTER_EMAIL: "test.person@example.com",
  });
}

/** Takes the identity away again, so that git does not know who commits. */
export function forgetGitIdentity(): void {
  for (const name of [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "EMAIL",
  ]) {
    delete process.env[name];
  }
}
