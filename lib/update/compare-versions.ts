/** Orders two semantic versions: negative where the left one is older. A pre-release is older than its release; build metadata does not count. */
export function compareVersions(left: string, right: string): number {
  const [leftNumbers, leftLabels] = parts(left);
  const [rightNumbers, rightLabels] = parts(right);
  const numbers = compareLists(leftNumbers, rightNumbers);
  if (numbers !== 0) return numbers;
  if (leftLabels.length === 0 || rightLabels.length === 0) return rightLabels.length - leftLabels.length;
  return compareLists(leftLabels, rightLabels);
}

function parts(version: string): readonly [readonly string[], readonly string[]] {
  const [core = ""] = version.split("+");
  const dash = core.indexOf("-");
  const numbers = dash < 0 ? core : core.slice(0, dash);
  return [numbers.split("."), dash < 0 ? [] : core.slice(dash + 1).split(".")];
}

/** Of two lists that begin alike the shorter one is older. */
function compareLists(left: readonly string[], right: readonly string[]): number {
  for (const [index, own] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareParts(own, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers by value and before words, words by their characters. */
function compareParts(left: string, right: string): number {
  const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isLeftNumber && isRightNumber) return Math.sign(Number(left) - Number(right));
  if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
