import { isUtf8 } from "node:buffer";
import type { TreeEntry, UpdateEntry } from "./update-plan.ts";

const sniffedBytes = 8000;
const contextLines = 3;
/** Where most lines of two large files differ, nobody reads the diff, and finding the shortest one takes minutes. */
const longestMs = 1000;

/** What an entry changes, as git shows it; empty where it changes nothing. Control characters of the files are spelled out. */
export async function unifiedDiff({ path, movedFrom, before, after }: UpdateEntry): Promise<string> {
  const sides = { before, after, from: movedFrom ?? path, path };
  if (before?.mode === after?.mode && sameBytes(before, after) && sides.from === path) return "";
  const head = [`diff --git a/${sides.from} b/${path}`, ...modeLines(sides)];
  const content = sameBytes(before, after) ? "" : await contentDiff(sides);
  return printable(`${head.join("\n")}\n${content}`);
}

async function contentDiff({ before, after, from, path }: Sides): Promise<string> {
  const left = before === undefined ? "/dev/null" : `a/${from}`;
  const right = after === undefined ? "/dev/null" : `b/${path}`;
  if ([before, after].some((entry) => entry !== undefined && isBinary(entry)))
    return `Binary files ${left} and ${right} differ\n`;
  const { structuredPatch, formatPatch, OMIT_HEADERS } = await import("diff");
  const limits = { context: contextLines, timeout: longestMs };
  const patch = structuredPatch("", "", textOf(before), textOf(after), "", "", limits);
  const hunks =
    patch === undefined ? "Too many lines differ to show them.\n" : formatPatch(patch, OMIT_HEADERS);
  return `--- ${left}\n+++ ${right}\n${hunks}`;
}

interface Sides {
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
  readonly from: string;
  readonly path: string;
}

function modeLines({ before, after, from, path }: Sides): readonly string[] {
  if (before === undefined) return [`new file mode ${after?.mode}`];
  if (after === undefined) return [`deleted file mode ${before.mode}`];
  return [
    ...(before.mode === after.mode ? [] : [`old mode ${before.mode}`, `new mode ${after.mode}`]),
    ...(from === path ? [] : [`rename from ${from}`, `rename to ${path}`]),
  ];
}

function sameBytes(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return Buffer.compare(left.bytes, right.bytes) === 0;
}

function isBinary({ bytes, mode }: TreeEntry): boolean {
  return mode === "160000" || bytes.subarray(0, sniffedBytes).includes(0);
}

function textOf(entry: TreeEntry | undefined): string {
  const bytes = entry?.bytes ?? new Uint8Array();
  return Buffer.from(bytes).toString(isUtf8(bytes) ? "utf8" : "latin1");
}

/** A file of the repository can hold anything, and a terminal obeys some of it. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) =>
    character === "\r" ? "" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
