/** A Markdown code span that shows exactly this text on one line, also inside a table. */
export function codeSpan(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").replaceAll("|", String.raw`\|`);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = line === "" || /^`|`$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Plain text for a cell of a Markdown table: no markup, cell or HTML comes of it. */
export function cellText(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_[\]<>|~]/g, String.raw`\$&`);
}
