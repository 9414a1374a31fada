/** Answers as somebody gave them: a mapping, and nothing more is known. */
export type AnswersInput = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping, neither a list nor null. */
export function isMapping(value: unknown): value is AnswersInput {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `environments[1].name` from its parts; a key that is no plain word is quoted. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}
