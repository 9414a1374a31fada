import { referencesIn } from "../expressions/references.ts";
import { commonFunctions } from "../expressions/functions.ts";
import { parseExpression } from "../expressions/parse.ts";
import { readParameters } from "../parameters.ts";
import type { PipelineProblem } from "../problem.ts";
import { splitTemplateText } from "../template-text.ts";
import { entryOf, placeIn, type MapNode, type ScalarNode, type YamlNode } from "../yaml-node.ts";
import { isScriptInput } from "./scripts.ts";

const scriptKeys: readonly string[] = ["bash", "script", "pwsh", "powershell"];
const foreign = /^build\.(?:sourcebranch(?:name)?|sourceversionmessage|requestedfor)$/i;

/** Files as they are written: texts that somebody chooses and that an expression writes into a script. */
export function checkSources(sources: readonly MapNode[]): readonly PipelineProblem[] {
  return sources.flatMap((root) => {
    const free = freeParameters(root);
    return scriptsUnder(root).flatMap((script) => checkScript(script, free));
  });
}

/** The parameters that may hold any text, in lower case. */
function freeParameters(root: MapNode): ReadonlySet<string> {
  const { parameters } = readParameters(entryOf(root, "parameters"));
  const free = parameters.filter(
    ({ type, values }) => values.length === 0 && ["string", "object", "stringList"].includes(type),
  );
  return new Set(free.map(({ name }) => name.toLowerCase()));
}

function scriptsUnder(node: YamlNode): readonly ScalarNode[] {
  if (node.kind === "scalar") return [];
  if (node.kind === "list") return node.items.flatMap(scriptsUnder);
  return node.entries.flatMap(({ key, value }) => {
    if (key.text === "parameters") return [];
    const isScript = scriptKeys.includes(key.text) || isScriptInput(key.text);
    return isScript && value.kind === "scalar" ? [value] : scriptsUnder(value);
  });
}

function checkScript(script: ScalarNode, free: ReadonlySet<string>): readonly PipelineProblem[] {
  return splitTemplateText(script.text).flatMap((part) => {
    if (part.kind === "text") return [];
    const tree = parseExpression(part.text, { functions: commonFunctions });
    const names = tree === null ? [] : referencesIn(tree).flatMap(({ path }) => dangerIn(path, free));
    return names.map((name) => ({
      at: placeIn(script, part.offset),
      message: `${name} can hold the syntax of a shell and must not stand in a script.`,
      hint: "Map it in env and read it as a variable of the shell.",
      isAdvice: true as const,
    }));
  });
}

function dangerIn(
  [context = "", name = ""]: readonly string[],
  free: ReadonlySet<string>,
): readonly string[] {
  const isDangerous =
    (context.toLowerCase() === "parameters" && free.has(name.toLowerCase())) ||
    (context.toLowerCase() === "variables" && foreign.test(name));
  return isDangerous ? [`${context}.${name}`] : [];
}
