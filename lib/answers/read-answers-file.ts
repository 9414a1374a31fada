import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { LineCounter, parseAllDocuments, type Document } from "yaml";
import { answersFileInvalid } from "../errors/catalogue/answers.ts";
import type { Problem } from "../errors/eac-error.ts";
import { isErrno } from "../errors/is-errno.ts";
import { isMapping, type AnswersInput } from "./answers-input.ts";

const mostBytes = 256 * 1024;
const mostAliases = 100;

/** The mapping in a YAML or JSON file; what keeps it from being one is named with line and column. */
export async function readAnswersFile(path: string): Promise<AnswersInput> {
  const refuse = (message: string, cause?: unknown): Error =>
    answersFileInvalid(path, [{ path, rule: "file", message }], cause);
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw isErrno(error) ? refuse(reasonOf(error), error) : error;
  });
  if (bytes.length > mostBytes) throw refuse(`is larger than ${mostBytes / 1024} kB.`);
  if (!isUtf8(bytes)) throw refuse("is not UTF-8 text.");
  const problems = parseText(bytes.toString("utf8"));
  if (Array.isArray(problems))
    throw answersFileInvalid(
      path,
      problems.map((problem) => ({ ...problem, path: `${path}${problem.path}` })),
    );
  return problems;
}

/** Reads one byte more than is allowed at most, so that no file is too large for memory. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(mostBytes + 1) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "does not exist.";
  if (error.code === "EISDIR") return "is a folder, not a file.";
  if (error.code === "EACCES") return "may not be read by you.";
  return `cannot be read: ${error.message}.`;
}

function parseText(text: string): AnswersInput | Problem[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    uniqueKeys: true,
    schema: "core",
    prettyErrors: false,
  });
  if (documents.length === 0) return {};
  if (documents.length > 1) return [{ path: "", rule: "yaml", message: "holds more than one document." }];
  const [document] = documents;
  return document === undefined ? {} : contentOf(document, lineCounter);
}

function contentOf(document: Document, lineCounter: LineCounter): AnswersInput | Problem[] {
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return faults.map(({ message, pos: [offset] }) => {
      const { line, col } = lineCounter.linePos(offset);
      return { path: `:${line}:${col}`, rule: "yaml", message: `${message.replace(/\.$/, "")}.` };
    });
  }
  try {
    const content: unknown = document.toJS({ maxAliasCount: mostAliases });
    if (content === null || content === undefined) return {};
    return isMapping(content)
      ? content
      : [{ path: ":1:1", rule: "yaml", message: "holds no mapping of names to values." }];
  } catch (error) {
    return [
      { path: "", rule: "yaml", message: `repeats or nests its anchors too often (${messageOf(error)}).` },
    ];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
