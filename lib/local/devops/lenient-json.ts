const stringPattern = /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs;
/** An escaped backslash, Python's `\x07`, and quotes that are escaped or need to be. */
const escapePattern = /\\\\|\\x([0-9a-f]{2})|\\?(["'])/gi;

/** Reads JSON whose strings may have single quotes: the service takes them, and the az command sends a mapping as Python writes one. Throws a SyntaxError. */
export function parseLenientJson(text: string): unknown {
  return JSON.parse(text.replaceAll(stringPattern, inDoubleQuotes));
}

function inDoubleQuotes(whole: string, single: string | undefined): string {
  if (single === undefined) return whole;
  const content = single.replaceAll(escapePattern, (found, code?: string, quote?: string) => {
    if (code !== undefined) return `\\u00${code}`;
    if (quote === undefined) return found;
    return quote === '"' ? '\\"' : quote;
  });
  return `"${content}"`;
}
