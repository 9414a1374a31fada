// Installs the dependencies and compiles the sources where they are missing or older than what they are made from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const stamps = {
  dependencies: join(root, "node_modules", ".eac-model-stamp"),
  build: join(root, "dist", ".eac-model-stamp"),
};

/** Makes `node_modules` and `dist` current; says what it does and costs a few milliseconds when nothing is to be done. */
export function setUp() {
  requireNode();
  const dependencies = digest([join(root, "package-lock.json")]);
  if (readStamp(stamps.dependencies) !== dependencies) {
    say("Installing the dependencies (npm ci) …");
    runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--ignore-scripts"]);
    writeFileSync(stamps.dependencies, dependencies);
  }
  const build = digest([join(root, "package.json"), join(root, "tsconfig.json"), ...sources()]);
  if (readStamp(stamps.build) !== build) {
    say("Compiling …");
    runNode([join(root, "scripts", "build.mjs")]);
    writeFileSync(stamps.build, build);
  }
}

/** Runs Node with these arguments, showing its output; ends this process when it fails. */
export function runNode(args, options = {}) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", ...options });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function say(text) {
  console.log(text);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 17)) return;
  console.error(
    `generator-eac-model needs Node 20.17 or newer; this is ${process.versions.node} (https://nodejs.org).`,
  );
  process.exit(1);
}

function runNpm(args) {
  const result = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function sources() {
  return ["lib", "generators"].flatMap((folder) => filesBelow(join(root, folder)));
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
