import { setOptionsInvalid } from "../errors/catalogue/answers.ts";
import type { Problem } from "../errors/eac-error.ts";
import { schemaAt } from "./answers-schema.ts";
import { parseYaml } from "./parse-yaml.ts";

/** One `--set key=value`: where, and what. */
export interface SetOption {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

const mostIndex = 99;

/**
 * Parses every `key=value`: a dotted path with list indexes (`a.b`, `list[0].name`, `list.0.name`) and a YAML value; all mistakes at once.
 * Where the answer is text, the value is taken as it stands unless it is quoted, so that `123`, `#channel` and `a: b` are not lost.
 */
export function parseSetOptions(words: readonly string[]): readonly SetOption[] {
  const parsed = words.map(parseOne);
  const problems = parsed.flatMap((result) => ("problem" in result ? [result.problem] : []));
  if (problems.length > 0) throw setOptionsInvalid(problems);
  return parsed.flatMap((result) => ("option" in result ? [result.option] : []));
}

function parseOne(word: string): { readonly option: SetOption } | { readonly problem: Problem } {
  const at = word.indexOf("=");
  const key = at < 0 ? word : word.slice(0, at);
  const refuse = (message: string): { readonly problem: Problem } => ({
    problem: { path: `--set ${key}`, rule: "set", message },
  });
  if (at < 0) return refuse("has no = between key and value.");
  const path = parseKey(key);
  if (path === undefined) return refuse("has a key that is no path such as registry.lifecycle.");
  const value = parseValue(path, word.slice(at + 1));
  return "fault" in value
    ? refuse(`has a value that is not YAML: ${value.fault}`)
    : { option: { path, ...value } };
}

function parseValue(
  path: SetOption["path"],
  text: string,
): { readonly value: unknown } | { readonly fault: string } {
  if (schemaAt(path)?.type === "string" && !/^\s*["']/.test(text)) return { value: text.trim() };
  const parsed = parseYaml(text);
  return parsed.ok ? { value: parsed.content ?? "" } : { fault: parsed.faults[0]?.message ?? "" };
}

function parseKey(key: string): readonly (string | number)[] | undefined {
  const parts = key.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  if (parts.some((part) => !/^[A-Za-z_][\w-]*$|^\d+$/.test(part)) || /^\d/.test(parts[0] ?? ""))
    return undefined;
  const path = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return path.some((part) => typeof part === "number" && part > mostIndex) ? undefined : path;
}
