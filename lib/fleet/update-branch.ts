/** The branch that updates are proposed on, the same in every repository. */
export const updateBranch = "eac-model/update";

/** Its full name. */
export const updateRef: string = `refs/heads/${updateBranch}`;

/** What a commit of ours says about itself in its last lines. */
export interface UpdateTrailers {
  readonly version: string;
  /** Names everything that the update changes; the same for the same changes, wherever the default branch is meanwhile. */
  readonly key: string;
}

const keyTrailer = "Eac-Model-Update";
const versionTrailer = "Eac-Model-Version";

/** The message of the commit of an update. */
export function updateMessage(subject: string, body: string, { version, key }: UpdateTrailers): string {
  return `${subject}\n\n${body}\n\n${versionTrailer}: ${version}\n${keyTrailer}: ${key}\n`;
}

/** What a commit says about itself, from the bytes of its object; undefined for one that people made. */
export function readTrailers(commit: Uint8Array): UpdateTrailers | undefined {
  const text = Buffer.from(commit).toString("utf8").trimEnd();
  const [, version, key] =
    new RegExp(`\\n${versionTrailer}: (\\S+)\\n${keyTrailer}: ([0-9a-f]{64})$`).exec(text) ?? [];
  return version === undefined || key === undefined ? undefined : { version, key };
}
