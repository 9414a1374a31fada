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
chmodSync(join(dist, "bin", "eac-model.cjs"), 0o755);

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
  const answers = join(dist, "lib", "answers");
  writeFileSync(join(answers, "compiled-schema.js"), withImports(code));
  writeFileSync(join(answers, "schema-data.js"), `export const schemaData = ${JSON.stringify(schema)};\n`);
}

/** ajv asks for its helpers with require, also in a module. */
function withImports(code) {
  const names = [];
  const body = code.replaceAll(/require\("([^"]+)"\)\.default/g, (_, name) => {
    names.push(name);
    return `helper${names.length}.default`;
  });
  return names.map((name, index) => `import helper${index + 1} from "${name}.js";\n`).join("") + body;
}

/**
 * main.ts and what it starts, as CommonJS, which Node loads sooner than modules. What is loaded on demand stays outside:
 * the local organisation, whose files find each other by their places, and large packages.
 */
async function bundleCommandLine() {
  const commandLine = join(dist, "lib", "cli");
  const options = {
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.17",
    absWorkingDir: root,
    outdir: join(dist, "bin"),
    outExtension: { ".js": ".cjs" },
    define: { "import.meta.dirname": "__dirname" },
    external: [
      join(dist, "lib", "local", "*"),
      "@yeoman/adapter",
      "azure-devops-node-api",
      "@azure/identity",
    ],
    logLevel: "warning",
  };
  const commands = await build({
    ...options,
    entryPoints: { commands: join(commandLine, "run.js") },
    banner: { js: `(function (require, module, exports, __filename, __dirname, importModule) {` },
    footer: { js: "})" },
    metafile: true,
  });
  nameImports(commands.metafile);
  const loadRun = {
    name: "load-run",
    setup: (building) => building.onResolve({ filter: /\/load-run\.js$/ }, cachedRun),
  };
  const cachedRun = () => ({ path: join(commandLine, "load-cached-run.js") });
  await build({ ...options, entryPoints: { "eac-model": join(commandLine, "main.js") }, plugins: [loadRun] });
}

/** load-cached.ts gives the bundle another way to import what stays outside. */
function nameImports({ outputs: { "dist/bin/commands.cjs": output } }) {
  const path = join(dist, "bin", "commands.cjs");
  const parts = readFileSync(path, "utf8").split(/\bimport\((?=")/);
  const required = output.imports.find(
    ({ kind, path: name }) => kind === "require-call" && name.startsWith("."),
  );
  if (required)
    throw new Error(`${required.path} is a module, which Node 20 cannot require: load it with import().`);
  const expected = output.imports.filter(({ kind }) => kind === "dynamic-import").length;
  if (parts.length - 1 !== expected)
    throw new Error(`${path} has ${parts.length - 1} imports, not ${expected}.`);
  writeFileSync(path, parts.join("importModule("));
}
