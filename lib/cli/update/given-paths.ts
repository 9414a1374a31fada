import { relative, resolve, sep } from "node:path";
import type { CommandInput } from "../command.ts";
import type { Context } from "../context.ts";

/** The paths of `--release` or `--restore` as from the model's folder: one that leads into it from here is understood as well. */
export function givenPaths(
  input: CommandInput,
  { cwd }: Pick<Context, "cwd">,
  { folder, option }: { readonly folder: string; readonly option: "release" | "restore" },
): readonly string[] {
  return (input.values.get(option) ?? []).map((path) => {
    const fromFolder = relative(folder, resolve(cwd, path)).split(sep).join("/");
    return fromFolder.startsWith("../") || fromFolder === "" ? path : fromFolder;
  });
}
