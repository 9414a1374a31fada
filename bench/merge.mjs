// How many merges of pipelines with stages that look alike go wrong, or are left to a person: ours, git's two ways,
// and applying the user's changes as a patch. Arguments: how many cases (10,000), the first seed (1).
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { applyPatch, structuredPatch } from "diff";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const count = Number(process.argv[2] ?? 10_000);
const firstSeed = Number(process.argv[3] ?? 1);
const work = mkdtempSync(join(tmpdir(), "eac-model-bench-"));
const labels = { ours: "ours", base: "base", theirs: "theirs" };

try {
  const { mergeCase } = await load("bench/stage-yaml.ts");
  const { isRight } = await load("bench/judge-stage-yaml.ts");
  const { mergeText } = await load("lib/update/merge/merge-text.ts");
  const ways = { ours: mergeOurs(mergeText), "git merge-file": mergeFile, patch: patchBaseline };
  const totals = Object.fromEntries(
    Object.keys(ways).map((way) => [way, { right: 0, conflict: 0, wrong: 0, "cpu ms": 0 }]),
  );
  const wrong = {};
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const example = mergeCase(seed);
    for (const [way, merge] of Object.entries(ways)) {
      const start = process.cpuUsage().user;
      const merged = merge(example);
      totals[way]["cpu ms"] += (process.cpuUsage().user - start) / 1000;
      const verdict = merged === undefined ? "conflict" : isRight(merged, example) ? "right" : "wrong";
      totals[way][verdict] += 1;
      wrong[way] ??= verdict === "wrong" ? seed : undefined;
    }
  }
  console.log(`${count} cases from seed ${firstSeed}; cpu of this process only`);
  console.table(totals);
  console.log("first wrong seeds:", wrong);
  const { ours, "git merge-file": git } = totals;
  process.exitCode = ours.wrong === 0 && ours.conflict <= git.conflict ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Node 20 reads no TypeScript. */
async function load(path) {
  const file = join(root, ".cache", "bench", path.replaceAll("/", "-").replace(/ts$/, "mjs"));
  const external = ["yaml", "node-diff3"];
  const options = { bundle: true, platform: "node", format: "esm", logLevel: "error" };
  await build({ ...options, entryPoints: [join(root, path)], outfile: file, external });
  return import(pathToFileURL(file).href);
}

function mergeOurs(mergeText) {
  return ({ base, ours, theirs }) => {
    const sides = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
    const { bytes, conflict } = mergeText({ ...sides, path: "a.yml", labels });
    return conflict === undefined ? bytes.toString() : undefined;
  };
}

function mergeFile(sides) {
  const names = ["ours", "base", "theirs"];
  for (const name of names) writeFileSync(join(work, name), sides[name]);
  const { status, stdout } = spawnSync("git", ["merge-file", "-p", ...names], {
    cwd: work,
    encoding: "utf8",
  });
  return status === 0 ? stdout : undefined;
}

/** What tools do that keep the user's changes as a patch: each hunk goes where its context fits, or the files are merged. */
function patchBaseline(sides) {
  const patched = applyPatch(sides.theirs, structuredPatch("base", "ours", sides.base, sides.ours));
  return patched === false ? mergeFile(sides) : patched;
}
