import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = join(import.meta.dirname, "..", "golden");

/**
 * The text that test/golden keeps for this name, to compare with.
 * With UPDATE_GOLDEN=1 the present text is kept instead, to be reviewed in the diff.
 */
export function golden(name: string, present: string): string {
  const path = join(folder, name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, present);
  }
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
