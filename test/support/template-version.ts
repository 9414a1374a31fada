import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eacModel, root, type CommandOptions, type CommandResult } from "./eac-model.ts";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** A version of this package with templates of its own, as somebody would have it installed. */
export interface TemplateVersion extends AsyncDisposable {
  readonly version: string;
  /** The folder of the package. */
  readonly package: string;
  /** Runs its command line as a person without a terminal would. */
  readonly eacModel: (words: readonly string[], options: CommandOptions) => Promise<CommandResult>;
}

/** Changes the files below templates/model; paths are from there. */
export interface TemplateEditor {
  readonly read: (path: string) => string;
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly replace: (path: string, from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
}

/** Copies the built package, gives it another version and edits its templates: to the product that is another release. */
export async function templateVersion(
  version: string,
  edit: (templates: TemplateEditor) => void = () => undefined,
): Promise<TemplateVersion> {
  const folder = await temporaryFolder();
  copyPackage(folder, version);
  edit(templateEditor(join(folder.path, "templates", "model")));
  return {
    version,
    package: folder.path,
    eacModel: (words, options) => eacModel(words, { ...options, package: folder.path }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function copyPackage({ path }: TemporaryFolder, version: string): void {
  for (const name of ["dist", "templates", "docs/changelog.md"])
    cpSync(join(root, name), join(path, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"));
  const manifest: object = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(path, "package.json"), JSON.stringify({ ...manifest, version }));
}

function templateEditor(folder: string): TemplateEditor {
  const at = (path: string): string => join(folder, path);
  const read = (path: string): string => readFileSync(at(path), "utf8");
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  return {
    read,
    write,
    replace: (path, from, to) => {
      const text = read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}.`);
      write(
        path,
        text.replace(from, () => to),
      );
    },
    remove: (path) => rmSync(at(path)),
    move: (from, to) => {
      write(to, readFileSync(at(from)));
      rmSync(at(from));
    },
  };
}
