import { expect, test } from "@jest/globals";
import type { RenderedFile } from "../../../lib/template/rendered-tree.ts";
import { sha256, treeSha256 } from "../../../lib/update/sha256.ts";

const file: RenderedFile = { path: "a", mode: "100644", bytes: Buffer.from("x") };

test("hashes as sha256sum does", () => {
  expect(sha256(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test.each([
  { name: "another path", tree: [{ ...file, path: "b" }] },
  { name: "another mode", tree: [{ ...file, mode: "100755" as const }] },
  { name: "other bytes", tree: [{ ...file, bytes: Buffer.from("y") }] },
  { name: "one file more", tree: [file, { ...file, path: "b" }] },
  { name: "no file", tree: [] },
])("gives $name another hash", ({ tree }) => {
  expect(treeSha256(tree)).not.toBe(treeSha256([file]));
});
