import { GitError } from "./git-error.ts";
import type { ObjectReader } from "./object-reader.ts";

/** One file, symbolic link or submodule of a commit. */
export interface CommitFile {
  /** From the root of what was asked for, `/`-separated. */
  readonly path: string;
  readonly mode: "100644" | "100755" | "120000" | "160000";
  readonly objectId: string;
}

interface TreeLine {
  readonly path: string;
  readonly mode: string;
  readonly objectId: string;
}

/** A repository of more entries is not one of ours; a tree that repeats itself can claim any number. */
const mostEntries = 200_000;

/** Every file below a tree, in no special order; a name that is not UTF-8 is left out, as nobody here can have made it. */
export async function listCommitFiles(reader: ObjectReader, treeId: string): Promise<readonly CommitFile[]> {
  const files: CommitFile[] = [];
  let level: readonly TreeLine[] = [{ path: "", mode: "40000", objectId: treeId }];
  for (let seen = 0; level.length > 0; seen += level.length) {
    if (seen > mostEntries) throw tooLarge();
    const lists = await Promise.all(level.map((tree) => readTree(reader, tree)));
    const lines = lists.flat();
    files.push(...lines.flatMap((line) => fileOf(line)));
    if (files.length > mostEntries) throw tooLarge();
    level = lines.filter(({ mode }) => mode === "40000");
  }
  return files;
}

async function readTree(reader: ObjectReader, { path, objectId }: TreeLine): Promise<readonly TreeLine[]> {
  const object = await reader.read(objectId);
  if (object?.type !== "tree") throw missingObject(objectId);
  return parseTree(object.bytes, {
    prefix: path === "" ? "" : `${path}/`,
    idLength: objectId.length / 2,
  });
}

/** `<mode> <name>\0<binary object id>`, again and again. */
function parseTree(
  bytes: Buffer,
  { prefix, idLength }: { readonly prefix: string; readonly idLength: number },
): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const name = bytes.toString("utf8", space + 1, end);
    const objectId = bytes.toString("hex", end + 1, end + 1 + idLength);
    if (!name.includes("\uFFFD"))
      lines.push({ path: prefix + name, mode: bytes.toString("latin1", at, space), objectId });
    at = end + 1 + idLength;
  }
  return lines;
}

function fileOf({ path, mode, objectId }: TreeLine): readonly CommitFile[] {
  switch (mode) {
    case "40000":
      return [];
    case "100755":
    case "120000":
    case "160000":
      return [{ path, mode, objectId }];
    default: // 100644, and 100664 in very old histories
      return [{ path, mode: "100644", objectId }];
  }
}

/** The bytes of a file of a commit: for a link its target, for a submodule its commit. */
export async function readCommitFile(
  reader: ObjectReader,
  { mode, objectId }: CommitFile,
): Promise<Uint8Array> {
  if (mode === "160000") return Buffer.from(objectId, "latin1");
  const object = await reader.read(objectId);
  if (object?.type !== "blob") throw missingObject(objectId);
  return object.bytes;
}

function missingObject(objectId: string): GitError {
  return damaged(`the object ${objectId} is missing`);
}

function tooLarge(): GitError {
  return damaged(`a commit has more than ${mostEntries} entries`);
}

function damaged(stderr: string): GitError {
  return new GitError({
    code: "EAC_GIT_FAILED",
    message: `The repository cannot be read: ${stderr}.`,
    stderr,
  });
}
