// How much eac-model adds to bare Node, and `init` to writing the same bytes and committing them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "../scripts/set-up.mjs";
import { compare } from "./measure.mjs";

setUp();
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "dist", "bin", "eac-model.cjs");
const answers = join(root, "docs", "examples", "iris.yml");
const work = mkdtempSync(join(tmpdir(), "eac-model-bench-"));
const rounds = Number(process.argv[2] ?? 20);
const env = {
  XDG_CACHE_HOME: work,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Bench",
  GIT_AUTHOR_EMAIL: "bench@example.com",
  GIT_COMMITTER_NAME: "Bench",
  GIT_COMMITTER_EMAIL: "bench@example.com",
};

try {
  console.log(`Node ${process.version}, ${rounds} rounds`);
  console.table(
    compare(
      [
        { name: "node (floor)", command: [process.execPath, "-e", "0"] },
        { name: "eac-model --version", command: [process.execPath, main, "--version"] },
        { name: "eac-model --help", command: [process.execPath, main, "--help"] },
      ],
      rounds,
    ),
  );
  const reference = join(work, "reference");
  execFileSync(process.execPath, [main, "init", reference, "--answers", answers, "--yes", "--no-provision"], {
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
  const floor = writeFloor(reference);
  const target = join(work, "target");
  const clean = () => rmSync(target, { recursive: true, force: true });
  console.table(
    compare(
      [
        { name: "same bytes + git (floor)", command: [process.execPath, floor, target], before: clean, env },
        {
          name: "eac-model init",
          command: [process.execPath, main, "init", target, "--answers", answers, "--yes", "--no-provision"],
          before: clean,
          env,
        },
      ],
      rounds,
    ),
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A script that knows the bytes already, writes them, and runs git init, add and commit: nothing can do with less. */
function writeFloor(reference) {
  const files = readdirSync(reference, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${reference}/.git`))
    .map((entry) => join(entry.parentPath, entry.name));
  const data = files.map((path) => [path.slice(reference.length + 1), readFileSync(path).toString("base64")]);
  writeFileSync(join(work, "files.json"), JSON.stringify(data));
  const script = join(work, "floor.mjs");
  writeFileSync(
    script,
    `import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
const target = process.argv[2];
for (const [path, bytes] of JSON.parse(readFileSync(${JSON.stringify(join(work, "files.json"))}, "utf8"))) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), Buffer.from(bytes, "base64"));
}
for (const args of [["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]]) {
  const { status } = spawnSync("git", ["-C", target, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
`,
  );
  return script;
}
