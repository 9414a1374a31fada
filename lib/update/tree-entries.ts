import type { EntryMode, TreeEntry } from "./update-plan.ts";

/** Whether two entries have the same mode and bytes, wherever they are; two that are absent are the same. */
export function isSameEntry(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.mode === right.mode && isSameBytes(left, right);
}

/** Whether two entries have the same bytes. */
export function isSameBytes(left: TreeEntry, right: TreeEntry): boolean {
  return left.bytes === right.bytes || Buffer.compare(left.bytes, right.bytes) === 0;
}

/** The bytes as characters, with line feeds alone: what git on Windows makes of line endings is no change. */
export function textOf({ bytes }: TreeEntry): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1")
    .replaceAll("\r\n", "\n");
}

/** Whether two entries are the same but for their line endings. */
export function isSameText(left: TreeEntry, right: TreeEntry): boolean {
  return left.mode === right.mode && (isSameBytes(left, right) || textOf(left) === textOf(right));
}

/** What an entry is, executable or not. */
export function kindOf(mode: EntryMode): "file" | "link" | "submodule" {
  if (mode === "120000") return "link";
  return mode === "160000" ? "submodule" : "file";
}
