import type { Labels } from "../update-plan.ts";
import { mergeLines, type Lines, type Range, type Sides, type Stretch } from "./merge-lines.ts";
import { asUnicode, fromUnicode, readText, writeText, type Text, type TextForm } from "./text-form.ts";

export interface TextMerge {
  readonly bytes: Uint8Array;
  /** Some lines stand between conflict markers. */
  readonly hasConflict: boolean;
}

/**
 * Merges three texts line by line, in the encoding and with the line endings of the side that changed them
 * (ours where both did); undefined where one of them is not text.
 */
export function mergeText(bytes: Sides<Uint8Array>, labels: Labels): TextMerge | undefined {
  const texts = readSides(bytes);
  if (texts === undefined) return undefined;
  const form = mergedForm(texts);
  const { content, hasConflict } = mergeContent(texts, form, labels);
  const isUnicode = hasUtf16(texts);
  const merged = isUnicode ? fromUnicode({ form, content }) : { form, content };
  return merged && { bytes: writeText(merged), hasConflict };
}

function readSides({ base, ours, theirs }: Sides<Uint8Array>): Sides<Text> | undefined {
  const sides = complete({ base: readText(base), ours: readText(ours), theirs: readText(theirs) });
  if (sides === undefined || !hasUtf16(sides)) return sides;
  return complete({
    base: asUnicode(sides.base),
    ours: asUnicode(sides.ours),
    theirs: asUnicode(sides.theirs),
  });
}

function complete({ base, ours, theirs }: Sides<Text | undefined>): Sides<Text> | undefined {
  return base && ours && theirs && { base, ours, theirs };
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
  labels: Labels,
): { readonly content: string; readonly hasConflict: boolean } {
  const { base, ours, theirs } = texts;
  const lines = {
    base: splitLines(base.content),
    ours: splitLines(ours.content),
    theirs: splitLines(theirs.content),
  };
  const endings = new Set([base, ours, theirs].map((text) => text.form.lineEnding ?? form.lineEnding));
  const stretches = mergeLines(lines, endings.size > 1 ? withoutCarriageReturn : (line) => line);
  const lineEnding = form.lineEnding ?? "\n";
  const write = (stretch: Stretch): string =>
    stretch.from === "conflict"
      ? markConflict(stretch.sides, lines, { labels, lineEnding })
      : take(lines[stretch.from], stretch).join("");
  return {
    content: stretches.map((stretch) => write(stretch)).join(""),
    hasConflict: stretches.some(({ from }) => from === "conflict"),
  };
}

function splitLines(content: string): Lines {
  return content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r\n") ? `${line.slice(0, -2)}\n` : line;
}

function take(lines: Lines, { start, length }: Range): Lines {
  return lines.slice(start, start + length);
}

function markConflict(
  ranges: Sides<Range>,
  lines: Sides<Lines>,
  { labels, lineEnding }: { readonly labels: Labels; readonly lineEnding: string },
): string {
  const side = (name: keyof Sides<unknown>): Lines =>
    take(lines[name], ranges[name]).map((line) => (line.endsWith("\n") ? line : `${line}${lineEnding}`));
  return [
    `<<<<<<< ${labels.ours}${lineEnding}`,
    ...side("ours"),
    `||||||| ${labels.base}${lineEnding}`,
    ...side("base"),
    `=======${lineEnding}`,
    ...side("theirs"),
    `>>>>>>> ${labels.theirs}${lineEnding}`,
  ].join("");
}
