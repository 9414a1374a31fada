import type { Labels } from "../update-plan.ts";
import { mergeByStructure } from "./merge-by-structure.ts";
import type { Sides } from "./merge-lines.ts";
import { structureOf } from "./structure.ts";
import {
  asUnicode,
  fromUnicode,
  readText,
  writeText,
  type LineEnding,
  type Text,
  type TextForm,
} from "./text-form.ts";
import { writeRegions } from "./write-regions.ts";

type Lines = readonly string[];

export interface TextMerge {
  readonly bytes: Uint8Array;
  /** Why some lines stand between conflict markers; absent when none do. */
  readonly conflict?: "content" | "structure";
}

export interface TextInput extends Sides<Uint8Array> {
  /** Decides what is known of the structure. */
  readonly path: string;
  readonly labels: Labels;
}

/**
 * Merges three texts line by line, in the encoding and with the line endings of the side that changed them
 * (ours where both did); undefined where one of them is not text. YAML and JSON that would be clean by their lines
 * and wrong by their structure are a conflict.
 */
export function mergeText(input: TextInput): TextMerge | undefined {
  const texts = readSides(input);
  if (texts === undefined) return undefined;
  const form = mergedForm(texts);
  const { content, conflict } = mergeContent(texts, form, input);
  const merged = hasUtf16(texts) ? fromUnicode({ form, content }) : { form, content };
  return merged && { bytes: writeText(merged), ...(conflict && { conflict }) };
}

function readSides({ base, ours, theirs }: Sides<Uint8Array>): Sides<Text> | undefined {
  const sides = complete({ base: readText(base), ours: readText(ours), theirs: readText(theirs) });
  if (sides === undefined || !hasUtf16(sides)) return sides;
  return complete(onSides(sides, asUnicode));
}

function complete({ base, ours, theirs }: Sides<Text | undefined>): Sides<Text> | undefined {
  return base && ours && theirs && { base, ours, theirs };
}

function onSides<T, U>({ base, ours, theirs }: Sides<T>, change: (side: T) => U): Sides<U> {
  return { base: change(base), ours: change(ours), theirs: change(theirs) };
}

function hasUtf16({ base, ours, theirs }: Sides<Text>): boolean {
  return [base, ours, theirs].some(({ form }) => form.encoding !== "bytes");
}

function mergedForm({ base, ours, theirs }: Sides<Text>): TextForm {
  const merged = <K extends keyof TextForm>(key: K): TextForm[K] =>
    ours.form[key] === base.form[key] ? theirs.form[key] : ours.form[key];
  return {
    encoding: merged("encoding"),
    hasByteOrderMark: merged("hasByteOrderMark"),
    lineEnding: merged("lineEnding"),
  };
}

function mergeContent(
  texts: Sides<Text>,
  form: TextForm,
  { path, labels }: TextInput,
): { readonly content: string; readonly conflict?: TextMerge["conflict"] } {
  const lineEnding = form.lineEnding ?? "\n";
  const usual = onSides(texts, (text) => text.form.lineEnding ?? lineEnding);
  const sides = {
    base: splitLines(texts.base, lineEnding),
    ours: splitLines(texts.ours, lineEnding),
    theirs: splitLines(texts.theirs, lineEnding),
  };
  const isMixed = new Set(Object.values(usual)).size > 1;
  const compared = isMixed ? onSides(sides, (lines) => lines.map(withoutCarriageReturn)) : sides;
  const { regions, conflict } = mergeByStructure(compared, structureOf(path));
  const content = writeRegions(regions, sides, { labels, lineEnding }).join("");
  return { content, ...(conflict && { conflict }) };
}

/** The lines with their ends; those that end as most of the text does end as the merged text will. */
function splitLines({ content, form }: Text, lineEnding: LineEnding): Lines {
  const lines = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (form.lineEnding === undefined || form.lineEnding === lineEnding) return lines;
  return lineEnding === "\n"
    ? lines.map((line) => withoutCarriageReturn(line))
    : lines.map((line) => line.replace(/(?<!\r)\n$/, lineEnding));
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r\n") ? `${line.slice(0, -2)}\n` : line;
}
