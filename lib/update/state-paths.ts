/** The files that keep what a repository was made from. */
export const statePaths = {
  answers: ".eac-model/answers.yml",
  manifest: ".eac-model/manifest.json",
  baseline: ".eac-model/baseline.json.gz",
} as const;
