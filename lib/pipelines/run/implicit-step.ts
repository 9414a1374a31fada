import type { JobModel, StepModel } from "../pipeline-model.ts";

/** A step that nobody wrote and the service adds. */
export function implicitStep(kind: string, text: string, { at }: JobModel): StepModel {
  const nothing = { name: undefined, displayName: undefined, condition: undefined, inputs: [], env: [] };
  return { kind, main: { text, at }, ...nothing, node: { kind: "map", entries: [], at }, at };
}
