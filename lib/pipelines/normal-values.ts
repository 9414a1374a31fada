import { isObject, type ObjectValue, type Value } from "./expressions/value.ts";

/** What scripts become: the task that runs them, and the inputs that the shorthand leaves out. */
const scriptTasks: Readonly<Record<string, ObjectValue>> = {
  script: { task: "CmdLine@2", inputs: {} },
  bash: { task: "Bash@3", inputs: { targetType: "inline" } },
  powershell: { task: "PowerShell@2", inputs: { targetType: "inline" } },
  pwsh: { task: "PowerShell@2", inputs: { targetType: "inline", pwsh: "true" } },
};

/** Keys of a script that are inputs of its task. */
const inputNames = new Set([
  "workingDirectory",
  "failOnStderr",
  "errorActionPreference",
  "ignoreLASTEXITCODE",
]);

/**
 * A step or a deployment that is the value of a parameter, as expressions see it: a script is the task that runs it,
 * so that a template can refuse it by that name, and an environment is an object.
 */
export function normalValue(value: Value): Value {
  if (!isObject(value)) return value;
  const kind = Object.keys(scriptTasks).find((key) => value[key] !== undefined);
  if (kind !== undefined) return normalStep(value, kind);
  const { deployment, environment } = value;
  if (deployment === undefined || typeof environment !== "string") return value;
  return { ...value, environment: { name: environment } };
}

function normalStep(step: ObjectValue, kind: string): ObjectValue {
  const { task = "", inputs = {} } = scriptTasks[kind] ?? {};
  const entries = Object.entries(step).filter(([key]) => key !== kind);
  const given = entries.filter(([key]) => inputNames.has(key));
  const others = entries.filter(([key]) => !inputNames.has(key));
  const fixed = isObject(inputs) ? inputs : {};
  return {
    task,
    ...Object.fromEntries(others),
    inputs: { ...fixed, script: step[kind] ?? "", ...Object.fromEntries(given) },
  };
}
