import type { PlacedText, StepModel } from "../pipeline-model.ts";

/** A script that stands in a step, with the kind of program that reads it. */
export interface Script {
  readonly text: PlacedText;
  readonly language: "shell" | "other";
}

const shells: readonly string[] = ["bash", "script"];
const others: readonly string[] = ["pwsh", "powershell"];

/** The scripts of a step: of a shell step itself, or the inline script of a task. */
export function scriptsOf({ kind, main, inputs }: StepModel): readonly Script[] {
  if (shells.includes(kind)) return [{ text: main, language: "shell" }];
  if (others.includes(kind)) return [{ text: main, language: "other" }];
  if (kind !== "task") return [];
  const isShell =
    /^(?:bash|cmdline)@/i.test(main.text) ||
    inputs.some(([name, { text }]) => name.toLowerCase() === "scripttype" && text.toLowerCase() === "bash");
  return inputs
    .filter(([name]) => isScriptInput(name))
    .map(([, text]) => ({ text, language: isShell ? "shell" : "other" }));
}

/** Whether an input of a task holds a script. */
export function isScriptInput(name: string): boolean {
  return ["script", "inlinescript", "inline"].includes(name.toLowerCase());
}
