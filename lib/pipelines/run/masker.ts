const hidden = "***";
/** Shorter lines of a secret, such as a lone bracket, would hide half of every log. */
const shortestLine = 4;

/** Replaces secrets in texts: as they are, line by line, and in the encodings in which programs print them. */
export class SecretMasker {
  private readonly texts = new Set<string>();
  private pattern: RegExp | undefined;

  /** From now on the value is hidden; an empty one hides nothing. */
  add(secret: string): void {
    const before = this.texts.size;
    for (const text of formsOf(secret)) if (text !== "") this.texts.add(text);
    if (this.texts.size !== before) this.pattern = undefined;
  }

  /** Whether a text is a secret as a whole. */
  knows(text: string): boolean {
    return this.texts.has(text);
  }

  mask(text: string): string {
    if (this.texts.size === 0) return text;
    return text.replaceAll(this.all, hidden);
  }

  /** How much of a text may be shown while more of it is to come: no secret is cut there, not even one that has only begun. */
  uncut(text: string): number {
    const longest = Math.max(1, ...[...this.texts].map(({ length }) => length));
    let end = text.length - longest + 1;
    if (this.texts.size === 0 || end <= 0) return text.length;
    for (const { index, 0: found } of text.matchAll(this.all))
      if (index < end && index + found.length > end) end = index;
    return end <= 0 ? text.length : end;
  }

  private get all(): RegExp {
    this.pattern ??= patternOf(this.texts);
    return this.pattern;
  }
}

/** The longest first, so that no part of a longer one stays. */
function patternOf(texts: ReadonlySet<string>): RegExp {
  const longestFirst = [...texts].toSorted((left, right) => right.length - left.length);
  return new RegExp(longestFirst.map(escapePattern).join("|"), "g");
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, String.raw`\$&`);
}

function formsOf(secret: string): readonly string[] {
  const whole = [secret, secret.trim()];
  const lines = secret
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
  const plain = [...new Set([...whole, ...(lines.length > 1 ? lines : [])])].filter((text) => text !== "");
  return plain.flatMap((text) => [text, ...encodings(text)]);
}

function encodings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const shell = text.replaceAll("'", String.raw`'\''`);
  const quoted = text.replaceAll(/[^\w@%+=:,./-]/g, String.raw`\$&`);
  const xml = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const repeated = text.replaceAll("'", "''");
  return [json, shell, quoted, xml, xml.replaceAll('"', "&quot;"), repeated, uri(text), ...binary(text)];
}

function uri(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a character of two parts has no such form.
    return text;
  }
}

/** Base64 of the text alone and behind other text, where up to two bytes before it shift its letters. */
function binary(text: string): readonly string[] {
  if (text.length < shortestLine) return [];
  const bytes = Buffer.from(text, "utf8");
  const shifted = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const from = Math.ceil((shift * 4) / 3);
    const remainder = (shift + bytes.length) % 3;
    const to = remainder === 0 ? encoded.length : encoded.length - 4 + remainder;
    return encoded.slice(from, to);
  });
  const whole = bytes.toString("base64");
  return [...shifted, ...shifted.map(urlSafe), whole, ...linesOf(shifted[0] ?? whole), bytes.toString("hex")];
}

/** The widths of lines in which programs print base64. */
const widths = [76, 64];
/** Shorter ends of a text say little, and would hide what is no secret. */
const shortestEnd = 8;

function linesOf(base64: string): readonly string[] {
  return widths.flatMap((width) => {
    const count = Math.ceil(base64.length / width);
    const lines = Array.from({ length: count }, (_, index) =>
      base64.slice(index * width, (index + 1) * width),
    );
    return count < 2 ? [] : lines.filter(({ length }) => length >= shortestEnd);
  });
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
