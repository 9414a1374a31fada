// Compiles generators/ and lib/ into dist/, copies the data files that compiled code reads, and compiles the answers schema.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile();
copyData();
compileSchema();
chmodSync(join(dist, "lib", "cli", "main.js"), 0o755);

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function copyData() {
  for (const entry of readdirSync(join(root, "lib"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(json|mjs)$/.test(entry.name)) continue;
    const source = join(entry.parentPath, entry.name);
    cpSync(source, join(dist, source.slice(root.length + 1)));
  }
}

/** Puts what lib/answers/compiled-schema.ts computes at start-up in its place, with the same options. */
function compileSchema() {
  const schema = JSON.parse(readFileSync(join(root, "lib", "answers", "answers.schema.json"), "utf8"));
  const ajv = new Ajv({ allErrors: true, useDefaults: true, code: { source: true, esm: true } });
  ajv.addVocabulary(["x-rule", "x-prompt"]);
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  const helpers = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n`;
  writeFileSync(join(dist, "lib", "answers", "compiled-schema.js"), helpers + code);
}
