// npm test: sets up what is missing, then formatting, lint, types and every test. Arguments go to jest.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, say, setUp } from "./set-up.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);
const words = process.argv.slice(2);

setUp();
if (words.length === 0) {
  check("Formatting", [bin("oxfmt"), "--check", "."]);
  check("Lint", [bin("oxlint"), "--type-aware", "--deny-warnings"]);
  check("Types", [bin("tsc"), "--noEmit", "-p", "test/tsconfig.json"]);
}
process.exitCode = runJest();

function check(title, [command, ...args]) {
  say(`${title} …`);
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status === 0) return;
  console.error(`${result.stdout}${result.stderr}\n${title} failed.`);
  process.exit(1);
}

function runJest() {
  say("Tests …");
  mkdirSync(join(root, ".cache"), { recursive: true });
  const report = join(root, ".cache", "test-results.json");
  const result = spawnSync(
    process.execPath,
    [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      join(root, "node_modules", "jest", "bin", "jest.js"),
      "--json",
      `--outputFile=${report}`,
      ...words,
    ],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  );
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
  say(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  return result.status ?? 1;
}
