// Compiles generators/ and lib/ into dist/, copies the data files that compiled code reads, and makes what would cost time at start-up:
// the answers schema becomes code, and the command line is bundled, because loading two hundred small files takes longer than its work.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile();
copyData();
compileSchema();
await bundleCommandLine();
chmodSync(join(dist, "lib", "cli", "main.js"), 0o755);

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function copyData() {
  for (const entry of readdirSync(join(root, "lib"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(json|mjs|py)$/.test(entry.name)) continue;
    const source = join(entry.parentPath, entry.name);
    cpSync(source, join(dist, source.slice(root.length + 1)));
  }
}

/** Puts what lib/answers/compiled-schema.ts and schema-data.ts compute at start-up in their place, with the same options. */
function compileSchema() {
  const schema = JSON.parse(readFileSync(join(root, "lib", "answers", "answers.schema.json"), "utf8"));
  const ajv = new Ajv({ allErrors: true, useDefaults: true, code: { source: true, esm: true } });
  ajv.addVocabulary(["x-rule", "x-prompt"]);
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  const helpers = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n`;
  const answers = join(dist, "lib", "answers");
  writeFileSync(join(answers, "compiled-schema.js"), helpers + code);
  writeFileSync(join(answers, "schema-data.js"), `export const schemaData = ${JSON.stringify(schema)};\n`);
}

/** What is loaded on demand stays outside: the local organisation, whose files find each other by their places, and large packages. */
async function bundleCommandLine() {
  const commandLine = join(dist, "lib", "cli");
  await build({
    entryPoints: [join(commandLine, "main.js")],
    outdir: commandLine,
    allowOverwrite: true,
    chunkNames: "bundled-[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.17",
    external: [join(dist, "lib", "local", "*"), "@yeoman/adapter", "azure-devops-node-api"],
    banner: {
      js: 'import { createRequire as bundledRequire } from "node:module"; const require = bundledRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
