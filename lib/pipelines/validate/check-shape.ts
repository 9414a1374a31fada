import { nearest } from "../../errors/nearest.ts";
import type { PipelineProblem } from "../problem.ts";
import type { MapNode, ScalarNode, YamlNode } from "../yaml-node.ts";
import type { Keys, Mapping, Shape } from "./shapes.ts";

const letters = "must be letters, digits and underscores, beginning with a letter";

const flag = { form: /^(?:true|false|yes|no|on|off|y|n)$/i, wanted: "must be true or false" };
const number = { form: /^\d+$/, wanted: "must be a whole number" };

/** What a single value must look like, by its shape. */
const scalarRules: Readonly<Partial<Record<string, { readonly form: RegExp; readonly wanted: string }>>> = {
  flag,
  number,
  "written flag": flag,
  "written number": number,
  name: { form: /^[A-Za-z_][A-Za-z0-9_]*$/, wanted: letters },
  alias: { form: /^[-.\w]+$/, wanted: "must be letters, digits, dots, hyphens and underscores" },
  "name or nothing": { form: /^(?:[A-Za-z_][A-Za-z0-9_]*)?$/, wanted: letters },
};
/** Known when the pipeline runs, and so not judged before. */
const lateValue = /\$\(|\$\[/;

/** What is wrong with the keys of a mapping and their values. */
export function checkKeys(map: YamlNode, keys: Keys, what: string): readonly PipelineProblem[] {
  if (map.kind !== "map") return [{ at: map.at, message: `${what} must be a mapping.` }];
  return map.entries.flatMap(({ key, value }) => {
    const shape = Object.hasOwn(keys, key.text) ? keys[key.text] : undefined;
    return shape === undefined ? [unknownKey(key, keys, what)] : checkShape(value, shape, key);
  });
}

/** The service takes a key without a value for an empty mapping or list. */
function isNothing(value: YamlNode): boolean {
  return value.kind === "scalar" && value.text === "";
}

function unknownKey(key: ScalarNode, keys: Keys, what: string): PipelineProblem {
  const meant = nearest(key.text, Object.keys(keys));
  const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
  return { at: key.at, message: `${what} has no key '${key.text}'.`, ...hint };
}

function checkShape(value: YamlNode, shape: Shape, key: ScalarNode): readonly PipelineProblem[] {
  if (takesNothing(shape) && isNothing(value)) return [];
  return checkValue(value, shape, key);
}

function checkValue(value: YamlNode, shape: Shape, key: ScalarNode): readonly PipelineProblem[] {
  if (shape === "any") return [];
  if (typeof shape === "string") return checkSimple(value, shape, key);
  if ("oneOf" in shape) return checkChoice(value, shape.oneOf, key);
  if ("items" in shape) {
    if (value.kind !== "list") return [wrong(value, key, "must be a list")];
    return value.items.flatMap((item) => checkKeys(item, shape.items, `Each of ${key.text}`));
  }
  return checkMapping(value, shape, key);
}

function checkMapping(value: YamlNode, shape: Mapping, key: ScalarNode): readonly PipelineProblem[] {
  if (shape.orText === true) {
    if (value.kind === "list") return checkTexts(value, key);
    if (value.kind === "scalar") return shape.texts === undefined ? [] : checkText(value, shape.texts, key);
  }
  const judged = shape.isOpen === true ? withoutOthers(value, Object.keys(shape.keys)) : value;
  return checkKeys(judged, shape.keys, `'${key.text}'`);
}

/** Without the keys that are neither known nor spelled like one. */
function withoutOthers(map: YamlNode, known: readonly string[]): YamlNode {
  if (map.kind !== "map") return map;
  const entries = map.entries.filter(
    ({ key }) => known.includes(key.text) || nearest(key.text, known) !== undefined,
  );
  return { ...map, entries };
}

function takesNothing(shape: Shape): boolean {
  if (typeof shape === "string") return shape === "texts" || shape === "texts by name";
  return !("oneOf" in shape);
}

function checkSimple(value: YamlNode, shape: Shape & string, key: ScalarNode): readonly PipelineProblem[] {
  if (shape === "texts" || shape === "textOrTexts") {
    if (value.kind === "list") return checkTexts(value, key);
    return shape === "texts" ? [wrong(value, key, "must be a list")] : checkScalar(value, key, shape);
  }
  if (shape !== "texts by name") return checkScalar(value, key, shape);
  return value.kind === "map" ? checkEntries(value) : [wrong(value, key, "must be a mapping")];
}

function checkScalar(value: YamlNode, key: ScalarNode, shape: string): readonly PipelineProblem[] {
  if (value.kind !== "scalar") return [wrong(value, key, "must be a single value")];
  const { text } = value;
  if (lateValue.test(text) && !shape.startsWith("written")) return [];
  const rule = scalarRules[shape];
  return rule === undefined || rule.form.test(text) ? [] : [wrong(value, key, rule.wanted)];
}

function checkChoice(
  value: YamlNode,
  choices: readonly string[],
  key: ScalarNode,
): readonly PipelineProblem[] {
  const isChoice = (text: string): boolean =>
    choices.some((choice) => choice.toLowerCase() === text.toLowerCase()) || lateValue.test(text);
  if (value.kind === "scalar" && isChoice(value.text)) return [];
  return [wrong(value, key, `must be one of ${choices.join(", ")}`)];
}

function checkText(value: ScalarNode, texts: readonly string[], key: ScalarNode): readonly PipelineProblem[] {
  if (texts.includes(value.text.toLowerCase()) || lateValue.test(value.text)) return [];
  const choices = [...texts, "a list", "a mapping"].join(", ");
  return [wrong(value, key, `must be one of ${choices}`)];
}

function checkTexts(value: YamlNode, key: ScalarNode): readonly PipelineProblem[] {
  const items = value.kind === "list" ? value.items : [];
  return items
    .filter((item) => item.kind !== "scalar")
    .map((item) => wrong(item, key, "must be a list of texts"));
}

function checkEntries(map: MapNode): readonly PipelineProblem[] {
  return map.entries
    .filter(({ value }) => value.kind !== "scalar")
    .map(({ key, value }) => wrong(value, key, "must be a single value"));
}

function wrong(value: YamlNode, key: ScalarNode, rule: string): PipelineProblem {
  const shown = value.kind === "scalar" && value.text !== "" ? `, not '${value.text}'` : "";
  return { at: value.at, message: `'${key.text}' ${rule}${shown}.` };
}
