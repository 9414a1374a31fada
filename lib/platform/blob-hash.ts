import { createHash } from "node:crypto";

/** The hash that git gives this content, in a repository whose hashes have this many hexadecimal digits. */
export function blobHash(bytes: Uint8Array, digits: number): string {
  return createHash(digits === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}
