import { byPath } from "../template/by-path.ts";
import { isMapping } from "../answers/answers-input.ts";
import { isUtf8 } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { stateInvalid } from "../errors/catalogue/update.ts";
import type { RenderedFile, RenderedTree } from "../template/rendered-tree.ts";
import { stateSchema } from "./manifest.ts";
import { isSafePath } from "./safe-path.ts";
import { statePaths } from "./state-paths.ts";

/** A repository's templates are some hundred kilobytes; more than this is not one of ours. */
const mostBytes = 64 * 1024 * 1024;
const operatingSystemByte = 9;
const unknownOperatingSystem = 255;

/** What a repository was rendered to, and from which answers. */
export interface Baseline {
  readonly tree: RenderedTree;
  /** The answers file of that time: the one beside it may have been edited since. */
  readonly answersText: string;
}

/**
 * The last render in one file: the common ancestor of a later merge, so that no old template code need ever run again.
 * `zcat` shows it as JSON with the text of each file. The header names neither a time nor the operating system.
 */
export function formatBaseline({ tree, answersText }: Baseline): Uint8Array {
  const files = Object.fromEntries(tree.map((file) => [file.path, formatFile(file)]));
  const zipped = gzipSync(JSON.stringify({ schema: stateSchema, answers: answersText, files }));
  zipped[operatingSystemByte] = unknownOperatingSystem;
  return zipped;
}

/** Reads a baseline, which anyone may have edited; the caller compares it with the manifest. */
export function parseBaseline(bytes: Uint8Array): Baseline {
  const content = parseContent(bytes);
  if (!isMapping(content) || content["schema"] !== stateSchema || !isMapping(content["files"])) {
    throw stateInvalid(statePaths.baseline, "it does not hold the files of a template");
  }
  const { answers: answersText } = content;
  if (typeof answersText !== "string")
    throw stateInvalid(statePaths.baseline, "it does not hold the answers");
  const tree = Object.entries(content["files"])
    .map(([path, file]) => parseFile(path, file))
    .toSorted(byPath);
  return { tree, answersText };
}

function formatFile({ mode, bytes }: RenderedFile): Readonly<Record<string, string>> {
  const buffer = Buffer.from(bytes);
  return isUtf8(bytes)
    ? { mode, text: buffer.toString("utf8") }
    : { mode, base64: buffer.toString("base64") };
}

function parseContent(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: mostBytes }).toString("utf8"));
  } catch (error) {
    throw stateInvalid(statePaths.baseline, "it is not zipped JSON, or far too large", error);
  }
}

function parseFile(path: string, file: unknown): RenderedFile {
  const bytes = isMapping(file) ? parseBytes(file) : undefined;
  const mode = isMapping(file) ? file["mode"] : undefined;
  if (bytes === undefined || (mode !== "100644" && mode !== "100755") || !isSafePath(path)) {
    throw stateInvalid(statePaths.baseline, `the entry ${JSON.stringify(path)} is not a file`);
  }
  return { path, mode, bytes };
}

function parseBytes(file: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  if (typeof file["text"] === "string") return Buffer.from(file["text"], "utf8");
  if (typeof file["base64"] === "string") return Buffer.from(file["base64"], "base64");
  return undefined;
}
