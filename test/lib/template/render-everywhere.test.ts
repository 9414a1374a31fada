import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { anAnswers } from "../../support/an-answers.ts";

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Below the package, which the templates are found by. */
const folder = join(root, ".cache", `render-everywhere-${process.pid}`);
const program = join(folder, "render.mjs");

/** Prints one hash for everything that the templates make of some answers. */
const source = `
  import { readFileSync } from "node:fs";
  import { readTemplates } from "./lib/template/read-templates.ts";
  import { renderTree } from "./lib/template/render-tree.ts";
  import { treeSha256 } from "./lib/update/sha256.ts";
  process.umask(Number(process.env.UMASK ?? 0o022));
  const answers = JSON.parse(readFileSync(process.argv[2], "utf8"));
  console.log(treeSha256(renderTree(await readTemplates(), answers)));
`;

beforeAll(async () => {
  await build({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the same answers give the same bytes in every time zone, language and folder, for every user", () => {
  const answers = join(folder, "answers.json");
  writeFileSync(answers, JSON.stringify(anAnswers()));
  const places = [
    { cwd: root, env: { TZ: "UTC", LC_ALL: "C" } },
    { cwd: tmpdir(), env: { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", UMASK: "63" } },
    { cwd: "/", env: { TZ: "America/St_Johns", LANG: "de_DE.UTF-8", HOME: "/nowhere", USER: "nobody" } },
  ];

  const hashes = places.map(({ cwd, env }) => {
    const { stdout, stderr } = spawnSync(process.execPath, [program, answers], {
      cwd,
      env,
      encoding: "utf8",
    });
    return stdout.trim() || stderr;
  });

  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(hashes).size).toBe(1);
}, 60_000);
