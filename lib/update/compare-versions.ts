/** Negative where the left version is older, positive where it is newer, by the rules of semver.org. */
export function compareVersions(left: string, right: string): number {
  const [leftCore, leftPre] = partsOf(left);
  const [rightCore, rightPre] = partsOf(right);
  const core = compareLists(leftCore, rightCore);
  if (core !== 0) return core;
  // A version without a pre-release part is newer than all of its pre-releases.
  if (leftPre.length === 0 || rightPre.length === 0) return rightPre.length - leftPre.length;
  return compareLists(leftPre, rightPre);
}

function partsOf(version: string): readonly [readonly string[], readonly string[]] {
  const [withoutBuild = ""] = version.split("+");
  const dash = withoutBuild.indexOf("-");
  if (dash < 0) return [withoutBuild.split("."), []];
  return [withoutBuild.slice(0, dash).split("."), withoutBuild.slice(dash + 1).split(".")];
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareIdentifiers(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers by their value and before words; words by their characters. */
function compareIdentifiers(left: string, right: string): number {
  const isNumber = [left, right].map((identifier) => /^\d+$/.test(identifier));
  if (isNumber[0] === true && isNumber[1] === true) return Number(left) - Number(right);
  if (isNumber[0] !== isNumber[1]) return isNumber[0] === true ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
