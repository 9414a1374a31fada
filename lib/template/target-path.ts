import type { Answers } from "../answers/answers.ts";
import type { FileMode } from "./rendered-tree.ts";

/** The folder in templates/model that stands for the answer `model_folder`. */
export const modelFolderPlaceholder = "demo_model";

/** The path in the repository of a path in an overlay: `dot-` becomes a dot, `demo_model/` the model's folder. */
export function targetPath(templatePath: string, answers: Answers): string {
  const [first = "", ...rest] = templatePath.split("/");
  const top = first === modelFolderPlaceholder && rest.length > 0 ? answers.model_folder : first;
  return dottedPath([top, ...rest].join("/"));
}

/** A path with every `dot-` at the beginning of a name as a dot: npm leaves some dotted files out of a package. */
export function dottedPath(path: string): string {
  return path.replaceAll(/(^|\/)dot-/g, "$1.");
}

/** Shell scripts are executable, nothing else is; the modes on the machine that packed the templates do not matter. */
export function targetMode(path: string): FileMode {
  return path.endsWith(".sh") ? "100755" : "100644";
}
