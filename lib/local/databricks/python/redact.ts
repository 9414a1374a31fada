const hidden = "[REDACTED]";

/** A text without the values; a value that is part of another does not leave the rest of that one behind. */
export function redact(text: string, values: readonly string[]): string {
  return values
    .flatMap((value) => [value, value.trim()])
    .filter((value) => value !== "")
    .toSorted((left, right) => right.length - left.length)
    .reduce((shown, value) => shown.replaceAll(value, hidden), text);
}
