import { isUtf8 } from "node:buffer";
import { open, type FileHandle } from "node:fs/promises";
import { answersFileInvalid } from "../errors/catalogue/answers.ts";
import type { EacError } from "../errors/eac-error.ts";
import { isErrno } from "../errors/is-errno.ts";
import { isMapping, type AnswersInput } from "./answers-input.ts";
import { parseYaml, type YamlFault } from "./parse-yaml.ts";

const mostBytes = 256 * 1024;

/** The mapping in a YAML or JSON file, empty for an empty file; what keeps it from being one is named with line and column. */
export async function readAnswersFile(path: string): Promise<AnswersInput> {
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw isErrno(error) ? refusal(path, [{ message: reasonOf(error) }], error) : error;
  });
  if (bytes.length > mostBytes) throw refusal(path, [{ message: `is larger than ${mostBytes / 1024} kB.` }]);
  if (!isUtf8(bytes)) throw refusal(path, [{ message: "is not UTF-8 text." }]);
  const parsed = parseYaml(bytes.toString("utf8"));
  if (!parsed.ok) throw refusal(path, parsed.faults);
  const content = parsed.content ?? {};
  if (!isMapping(content)) throw refusal(path, [notAMapping]);
  return content;
}

const notAMapping: YamlFault = {
  message: "holds no mapping of names to values.",
  at: { line: 1, column: 1 },
};

function refusal(path: string, faults: readonly YamlFault[], cause?: unknown): EacError {
  const problems = faults.map(({ message, at }) => ({
    path: at === undefined ? path : `${path}:${at.line}:${at.column}`,
    rule: at === undefined ? "file" : "yaml",
    message,
  }));
  return answersFileInvalid(path, problems, cause);
}

/** Reads one byte more than is allowed at most, so that no file is too large for memory; a pipe comes in pieces. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(mostBytes + 1);
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
