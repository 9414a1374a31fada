import { toNumber, toText } from "./expressions/convert.ts";
import { isList, type Value } from "./expressions/value.ts";

/** Kinds of parameters that hold parts of a pipeline, with the section that they are part of. */
export const sectionOfType: Readonly<Record<string, "steps" | "jobs" | "stages">> = {
  step: "steps",
  stepList: "steps",
  job: "jobs",
  jobList: "jobs",
  deployment: "jobs",
  deploymentList: "jobs",
  stage: "stages",
  stageList: "stages",
};

const asGiven = (value: Value): Value | undefined => value;
const asText = (value: Value): Value | undefined => toText(value);

/** The other kinds, with what makes a value of theirs of what was given; undefined where nothing can. */
const conversions: Readonly<Record<string, (value: Value) => Value | undefined>> = {
  string: asText,
  stringList: (value) =>
    isList(value) && value.every((item) => toText(item) !== undefined) ? value : undefined,
  number: (value) => (value === null || value === "" ? undefined : toNumber(value)),
  boolean: toFlag,
  object: asGiven,
  container: asGiven,
  containerList: asGiven,
  environment: asGiven,
  filePath: asText,
  pool: asGiven,
  secureFile: asText,
  serviceConnection: asText,
  legacyObject: asGiven,
};

/** Whether there is such a type of parameters. */
export function isParameterType(type: string): boolean {
  return Object.hasOwn(conversions, type) || Object.hasOwn(sectionOfType, type);
}

/** The value as one of a type; undefined where it is none. */
export function asType(type: string, value: Value): Value | undefined {
  const convert = Object.hasOwn(conversions, type) ? conversions[type] : undefined;
  return convert === undefined ? value : convert(value);
}

function toFlag(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = toText(value)?.toLowerCase() ?? "";
  if (["true", "yes", "on", "y"].includes(text)) return true;
  return ["false", "no", "off", "n"].includes(text) ? false : undefined;
}
