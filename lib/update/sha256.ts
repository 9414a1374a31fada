import { createHash } from "node:crypto";
import type { RenderedTree } from "../template/rendered-tree.ts";

/** The SHA-256 of the bytes in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** One hash for paths, modes and bytes of a whole tree; different for any difference. */
export function treeSha256(tree: RenderedTree): string {
  const hash = createHash("sha256");
  for (const { path, mode, bytes } of tree) hash.update(`${mode} ${sha256(bytes)} ${path}\0`);
  return hash.digest("hex");
}
