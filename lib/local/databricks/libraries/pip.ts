import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../python/environments.ts";
import { runPython } from "../python/run-python.ts";

export interface PipWork {
  readonly environment: Environment;
  /** A requirements file's lines. */
  readonly lines: readonly string[];
  readonly environ: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const shownLines = 20;

/** Installs requirements into an environment; answers pip's last words where it could not. */
export async function pipInstall({
  environment,
  lines,
  environ,
  signal,
}: PipWork): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "eac-model-pip-"));
  try {
    const requirements = join(folder, "requirements.txt");
    await writeFile(requirements, `${lines.join("\n")}\n`, { mode: 0o600 });
    const words = ["install", "--no-input", "--disable-pip-version-check", "--requirement", requirements];
    const task = { kind: "pip", words };
    const { exitCode, output } = await runPython({
      python: environment.python,
      task,
      cwd: folder,
      environ,
      signal,
    });
    if (exitCode === 0) return undefined;
    return output.trim().split("\n").slice(-shownLines).join("\n") || "pip ended without a word.";
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
