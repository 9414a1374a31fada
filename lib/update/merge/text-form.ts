import { isUtf8 } from "node:buffer";

export type Encoding = "bytes" | "utf-16le" | "utf-16be";
export type LineEnding = "\n" | "\r\n";

/** How a text is written; a merge keeps it, and gives the lines of the other side the same form. */
export interface TextForm {
  readonly encoding: Encoding;
  readonly hasByteOrderMark: boolean;
  /** What most lines end in; undefined for a text of one line without an end. */
  readonly lineEnding: LineEnding | undefined;
}

/** A text and its form. Of `bytes`, each character is one byte (Latin-1), so that nothing is lost whatever the encoding was. */
export interface Text {
  readonly form: TextForm;
  readonly content: string;
}

const examined = 8192;
const marks = {
  "utf-16le": Buffer.of(0xff, 0xfe),
  "utf-16be": Buffer.of(0xfe, 0xff),
  bytes: Buffer.of(0xef, 0xbb, 0xbf),
} as const;

/** Reads bytes as text without loss; undefined for binary: a NUL near the beginning that no UTF-16 mark explains. */
export function readText(bytes: Uint8Array): Text | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoding = markedEncoding(buffer);
  const mark = encoding === undefined ? 0 : marks[encoding].length;
  const content = decode(buffer.subarray(mark), encoding ?? "bytes");
  if (content === undefined) return undefined;
  const form = { hasByteOrderMark: encoding !== undefined, lineEnding: usualLineEnding(content) };
  return { form: { encoding: encoding ?? "bytes", ...form }, content };
}

/** The bytes of a text in its form; the opposite of `readText`. */
export function writeText({ form, content }: Text): Uint8Array {
  const body = Buffer.from(content, form.encoding === "bytes" ? "latin1" : "utf16le");
  if (form.encoding === "utf-16be") body.swap16();
  return form.hasByteOrderMark ? Buffer.concat([marks[form.encoding], body]) : body;
}

/** The same text as Unicode characters, for a comparison with UTF-16; undefined where the bytes are not UTF-8. */
export function asUnicode({ form, content }: Text): Text | undefined {
  if (form.encoding !== "bytes") return { form, content };
  const bytes = Buffer.from(content, "latin1");
  return isUtf8(bytes) ? { form, content: bytes.toString("utf8") } : undefined;
}

/** The opposite of `asUnicode`; undefined for half a character, which UTF-8 cannot hold. */
export function fromUnicode({ form, content }: Text): Text | undefined {
  if (form.encoding !== "bytes") return { form, content };
  if (/\p{Surrogate}/u.test(content)) return undefined;
  return { form, content: Buffer.from(content, "utf8").toString("latin1") };
}

function markedEncoding(buffer: Buffer): Encoding | undefined {
  if (starts(buffer, marks["utf-16le"])) return "utf-16le";
  if (starts(buffer, marks["utf-16be"])) return "utf-16be";
  return starts(buffer, marks.bytes) ? "bytes" : undefined;
}

function starts(buffer: Buffer, mark: Buffer): boolean {
  return buffer.subarray(0, mark.length).equals(mark);
}

function decode(body: Buffer, encoding: Encoding): string | undefined {
  if (encoding === "bytes")
    return body.subarray(0, examined).includes(0) ? undefined : body.toString("latin1");
  if (body.length % 2 !== 0) return undefined;
  return (encoding === "utf-16be" ? Buffer.from(body).swap16() : body).toString("utf16le");
}

function usualLineEnding(content: string): LineEnding | undefined {
  const all = content.split("\n").length - 1;
  if (all === 0) return undefined;
  return (content.split("\r\n").length - 1) * 2 > all ? "\r\n" : "\n";
}
