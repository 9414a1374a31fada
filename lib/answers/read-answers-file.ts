import { open, type FileHandle } from "node:fs/promises";
import { answersFileInvalid } from "../errors/catalogue/answers.ts";
import { isErrno } from "../errors/is-errno.ts";
import type { AnswersInput } from "./answers-input.ts";
import { mostAnswersBytes, parseAnswersFile } from "./parse-answers-file.ts";

/** The mapping in a YAML or JSON file, empty for an empty file; what keeps it from being one is named with line and column. */
export async function readAnswersFile(path: string): Promise<AnswersInput> {
  const bytes = await readBytes(path).catch((error: unknown) => {
    if (!isErrno(error)) throw error;
    throw answersFileInvalid(path, [{ path, rule: "file", message: reasonOf(error) }], error);
  });
  return parseAnswersFile(path, bytes);
}

/** Reads one byte more than is allowed at most, so that no file is too large for memory; a pipe comes in pieces. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(mostAnswersBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = await readSome(file, buffer, length);
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

async function readSome(file: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  const { bytesRead } = await file.read({ buffer, offset, length: buffer.length - offset, position: null });
  return bytesRead;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "does not exist.";
  if (error.code === "EISDIR") return "is a folder, not a file.";
  if (error.code === "EACCES") return "may not be read by you.";
  return `cannot be read: ${error.message}.`;
}
