// What is changed in the sample model: first it is measured better, then it is trained better, a smaller step each time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const patch = join(dirname(fileURLToPath(import.meta.url)), "judge-by-log-loss.patch");
const parameters = join("demo_model", "model_parameters.yml");

/** Up to here the sample gets surer of itself without more mistakes; each change goes half of the way that is left. */
const bestRegularisation = 3;

export const branchPrefix = "refs/heads/story/";

/** Pushes a branch with the next change that makes the model better; undefined where the files are not the sample's any more. */
export function pushChange({ git, page }, { repository, author }) {
  const folder = mkdtempSync(join(tmpdir(), "eac-model-story-"));
  try {
    git(["clone", "--quiet", "--depth", "1", page(`_git/${repository}`), folder]);
    const change = measureBetter(folder, git) ?? trainBetter(folder);
    if (change === undefined) return undefined;
    const commit = ["-c", `user.name=${nameOf(author)}`, "-c", `user.email=${author}`, "commit", "--quiet"];
    git(["-C", folder, "switch", "--quiet", "--create", change.branch]);
    git([
      "-C",
      folder,
      ...commit,
      "--author",
      `${nameOf(author)} <${author}>`,
      "--all",
      "--message",
      change.title,
    ]);
    git(["-C", folder, "push", "--quiet", "origin", change.branch], author);
    return change;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The title of a branch that was pushed before. */
export function titleOf(ref) {
  const [, value] = /^regularisation-(.+)$/.exec(ref.slice(branchPrefix.length)) ?? [];
  return value === undefined ? measuring.title : training(value).title;
}

const measuring = {
  branch: "story/log-loss",
  title: "Judge the model by its log loss, too",
};

function training(value) {
  return {
    branch: `story/regularisation-${value}`,
    title: `Train with less regularisation: ${value}`,
  };
}

function measureBetter(folder, git) {
  try {
    git(["-C", folder, "apply", patch]);
    return measuring;
  } catch {
    return undefined; // It was applied before, or the files were changed in another way.
  }
}

function trainBetter(folder) {
  const file = join(folder, parameters);
  const text = readFileSync(file, "utf8");
  const line = /^inverse_regularisation: (\d+(?:\.\d+)?)$/m;
  const now = Number(line.exec(text)?.[1]);
  const next = Number((now + (bestRegularisation - now) / 2).toPrecision(6));
  if (!(next > now)) return undefined;
  writeFileSync(file, text.replace(line, `inverse_regularisation: ${next}`));
  return training(next);
}

function nameOf(mail) {
  const words = mail.split("@")[0].split(".");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}
