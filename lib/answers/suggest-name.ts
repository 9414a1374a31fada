/** `Try churn2.` for `Churn2`: the nearest name of lower-case words joined by hyphens, where there is one. */
export function suggestName(text: string): string | undefined {
  const words = text
    .normalize("NFKD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "");
  return words.length >= 1 && words !== text ? `Try ${words}.` : undefined;
}
