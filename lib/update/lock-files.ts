import { basename } from "node:path/posix";

const commands = new Map([
  ["package-lock.json", "npm install"],
  ["npm-shrinkwrap.json", "npm install"],
  ["yarn.lock", "yarn install"],
  ["pnpm-lock.yaml", "pnpm install"],
  ["poetry.lock", "poetry lock"],
  ["pdm.lock", "pdm lock"],
  ["uv.lock", "uv lock"],
  ["Pipfile.lock", "pipenv lock"],
  ["conda-lock.yml", "conda-lock lock"],
]);

/** The command that writes a lock file anew, which makes more sense than merging it; undefined for any other file. */
export function lockCommand(path: string): string | undefined {
  return commands.get(basename(path));
}
