import { once } from "node:events";
import { GitError } from "./git-error.ts";
import { spawnGit } from "./spawn-git.ts";

/** A file as a commit gets it. */
export interface WrittenFile {
  readonly path: string;
  readonly mode: "100644" | "100755" | "120000" | "160000";
  readonly bytes: Uint8Array;
}

/** A commit on top of another, by what it changes. */
export interface CommitDraft {
  /** Full name of the ref that is set to the commit, whatever it was before. */
  readonly ref: string;
  readonly parent: string;
  readonly message: string;
  /** `Name <mail>`. */
  readonly signature: string;
  readonly date: Date;
  readonly deleted: readonly string[];
  /** Wins over what is deleted, and over a folder or file of the parent that is in its way. */
  readonly written: readonly WrittenFile[];
}

/** Makes the commit without a work tree or an index, through one git process, and answers its id. */
export async function writeCommit(gitFolder: string, draft: CommitDraft): Promise<string> {
  const { child, ended } = spawnGit(gitFolder, ["fast-import", "--quiet", "--force", "--done"]);
  const answer: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void answer.push(chunk));
  for (const piece of streamOf(draft))
    if (!child.stdin.write(piece) && child.stdin.writable)
      await Promise.race([once(child.stdin, "drain"), ended]);
  child.stdin.end();
  await ended;
  const objectId = Buffer.concat(answer).toString("latin1").trim();
  if (/^[0-9a-f]{40,64}$/.test(objectId)) return objectId;
  throw new GitError({
    code: "EAC_GIT_FAILED",
    message: "git fast-import did not name the commit that it made.",
    stderr: objectId,
  });
}

/** The input language of git fast-import. */
function* streamOf({
  ref,
  parent,
  message,
  signature,
  date,
  deleted,
  written,
}: CommitDraft): Generator<Uint8Array> {
  const seconds = Math.floor(date.getTime() / 1000);
  yield text(`commit ${ref}\nmark :1\ncommitter ${signature} ${seconds} +0000\n`);
  yield* data(text(message));
  yield text(`from ${parent}\n`);
  for (const path of deleted) yield text(`D ${quoted(path)}\n`);
  for (const { path, mode, bytes } of written) {
    if (mode === "160000") {
      yield text(`M 160000 ${Buffer.from(bytes).toString("latin1")} ${quoted(path)}\n`);
      continue;
    }
    yield text(`M ${mode} inline ${quoted(path)}\n`);
    yield* data(bytes);
  }
  yield text("\nget-mark :1\ndone\n");
}

function* data(bytes: Uint8Array): Generator<Uint8Array> {
  yield text(`data ${bytes.length}\n`);
  yield bytes;
  yield text("\n");
}

/** As git quotes paths: whatever is in a name, it is one. */
function quoted(path: string): string {
  return `"${path
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)}"`;
}

function text(value: string): Uint8Array {
  return Buffer.from(value, "utf8");
}
