import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { temporaryFolder } from "./temporary-folder.ts";

/** A git repository with a model in it, for a test to work on as its team does. */
export interface ModelWork extends AsyncDisposable {
  /** The folder of the model. */
  readonly folder: string;
  readonly read: (path: string) => string;
  readonly bytes: (path: string) => Buffer;
  readonly exists: (path: string) => boolean;
  readonly isExecutable: (path: string) => boolean;
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly replace: (path: string, from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeExecutable: (path: string, executable: boolean) => void;
  readonly git: (...args: readonly string[]) => string;
  readonly commit: () => void;
  /** Every file below a folder, `.git` included, with what would show a change of it. */
  readonly everything: () => Readonly<Record<string, string>>;
}

/** A copy of a repository that was made before; `inside` puts it elsewhere in a new temporary folder. */
export async function modelWork(made: string, inside = "model"): Promise<ModelWork> {
  const temporary = await temporaryFolder();
  const folder = join(temporary.path, inside);
  cpSync(made, folder, { recursive: true, preserveTimestamps: true });
  return { ...workIn(folder), [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
}

/** The same work in a folder that somebody else cleans up. */
export function workIn(folder: string): Omit<ModelWork, typeof Symbol.asyncDispose> {
  const at = (path: string): string => join(folder, path);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      env: process.env,
      stdio: "pipe",
    }).trimEnd();
  const read = (path: string): string => readFileSync(at(path), "utf8");
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  return {
    folder,
    read,
    write,
    git,
    bytes: (path) => readFileSync(at(path)),
    exists: (path) => lstatSync(at(path), { throwIfNoEntry: false }) !== undefined,
    isExecutable: (path) => (lstatSync(at(path)).mode & 0o100) !== 0,
    replace: (path, from, to) => {
      if (!read(path).includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}.`);
      write(
        path,
        read(path).replace(from, () => to),
      );
    },
    remove: (path) => rmSync(at(path)),
    makeExecutable: (path, executable) => chmodSync(at(path), executable ? 0o755 : 0o644),
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--message", "work of the team");
    },
    everything: () => everythingBelow(folder),
  };
}

/** Makes a repository as a release made it that did not have this question yet. */
export function forgetAnswer(work: Pick<ModelWork, "read" | "bytes" | "write">, name: string): void {
  const state: object = JSON.parse(gunzipSync(work.bytes(".eac-model/baseline.json.gz")).toString());
  const text = work.read(".eac-model/answers.yml").replace(new RegExp(`^${name}:.*\n`, "m"), "");
  const answersSha256 = createHash("sha256").update(text).digest("hex");
  const manifest: object = { ...JSON.parse(work.read(".eac-model/manifest.json")), answersSha256 };
  work.write(".eac-model/answers.yml", text);
  work.write(".eac-model/manifest.json", JSON.stringify(manifest));
  work.write(".eac-model/baseline.json.gz", gzipSync(JSON.stringify({ ...state, answers: text })));
}

function everythingBelow(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, mtimeMs } = lstatSync(path);
    const content = entry.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
    return [relative(folder, path), `${mode.toString(8)} ${mtimeMs} ${content}`];
  });
  return Object.fromEntries(entries);
}
