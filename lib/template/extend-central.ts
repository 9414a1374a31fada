import type { Answers } from "../answers/answers.ts";
import { copiedTemplates } from "./file-rules.ts";

/** The template of the platform's repository that gets the stages of every root pipeline. */
export const frameTemplate: string = `${copiedTemplates}template_pipeline_stages.yml`;

const rootPipeline = /^pipelines\/\w+_pipeline\.yml$/;
const stages = "\nstages:\n";

/**
 * With central templates a root pipeline extends the platform's frame and hands its stages over; all else stays as it is.
 * Stages are the last key of every root pipeline, so the lines after it are indented and nothing else is touched.
 */
export function extendCentral(path: string, bytes: Uint8Array, answers: Answers): Uint8Array {
  if (answers.templates !== "central" || !rootPipeline.test(path)) return bytes;
  const [head, tail, ...more] = Buffer.from(bytes).toString("utf8").split(stages);
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`${path} does not have the key stages once, so it cannot extend a template.`);
  }
  const extended = `\nextends:\n  template: /${frameTemplate}@templates\n  parameters:\n    stages:\n`;
  return Buffer.from(`${head}${extended}${tail.replaceAll(/^(?=.)/gm, "    ")}`, "utf8");
}
