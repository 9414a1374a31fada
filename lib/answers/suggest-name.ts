import { pythonRefusal, windowsRefusal } from "./reserved-names.ts";

/** `churn2` for `Churn2`: the nearest name of lower-case words joined by hyphens, or undefined where there is none. */
export function suggestName(text: string, longest: number): string | undefined {
  const words = text
    .normalize("NFKD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "")
    .slice(0, longest)
    .replace(/-$/, "");
  return words === "" || words === text ? undefined : words;
}

/** The same for a model, whose name is also a Python package and a folder. */
export function suggestModelName(text: string, longest: number): string | undefined {
  const name = suggestName(text, longest);
  if (name === undefined) return undefined;
  const refusal = pythonRefusal(name) ?? pythonRefusal(name.replaceAll("-", "_")) ?? windowsRefusal(name);
  return refusal === undefined && name.length >= 3 ? name : `${name}-model`;
}
