// Compiles generators/ and lib/ into dist/ and copies the data files that compiled code reads.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function copyData() {
  for (const entry of readdirSync(join(root, "lib"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const source = join(entry.parentPath, entry.name);
    cpSync(source, join(root, "dist", source.slice(root.length + 1)));
  }
}

rmSync(join(root, "dist"), { recursive: true, force: true });
compile();
copyData();
const main = join(root, "dist", "lib", "cli", "main.js");
if (existsSync(main)) chmodSync(main, 0o755);
