import type { Locals } from "./locals.ts";
import type { OverlayName } from "./overlays.ts";
import type { Ownership } from "./ownership.ts";

/** One file under templates/model, before any answer is known. */
export interface TemplateFile {
  readonly overlay: OverlayName;
  /** Below the overlay's folder, `/`-separated, without the `.ejs` suffix. */
  readonly path: string;
  /** The file itself; absent where it is rendered. */
  readonly bytes?: Uint8Array;
  /** The bytes for these locals; a file without `.ejs` gives its own bytes, whatever the locals. */
  render(locals: Locals): Uint8Array;
}

/** A file that has another name than in an earlier version; paths below the overlay's folder, without the `.ejs` suffix. */
export interface TemplateRename {
  readonly from: string;
  readonly to: string;
}

/** Every template of one version of this package. */
export interface TemplateSet {
  /** The version of the package that the templates came with. */
  readonly version: string;
  /** Versions of the packages that decide about the rendered bytes. */
  readonly engines: Readonly<Record<string, string>>;
  readonly files: readonly TemplateFile[];
  readonly ownership: Ownership;
  /** Files that an earlier version had under another name, oldest first. */
  readonly renames: readonly TemplateRename[];
  /** What templates/platform holds, by path in the platform's repository. */
  readonly platformFiles: ReadonlyMap<string, Uint8Array>;
}
