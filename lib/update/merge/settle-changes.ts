import type { Change } from "./diff-lines.ts";

type Numbers = readonly number[];

/** One list as its changed lines lie between the lines that both lists have: `gaps[n]` of them before the n-th such line. */
interface Side {
  readonly lines: Numbers;
  readonly gaps: number[];
}

/** The changed lines that are being moved: before which common line they lie, where they start, how many they are. */
interface Group {
  readonly at: number;
  readonly start: number;
  readonly size: number;
}

/**
 * Moves changed lines that could as well stand elsewhere to where git's merges take them to stand:
 * in one with other changes where they meet some, else as far down as they go.
 */
export function settleChanges(old: Numbers, changed: Numbers, changes: readonly Change[]): readonly Change[] {
  const common = old.length - changes.reduce((sum, change) => sum + change.old.length, 0);
  const oldSide = { lines: old, gaps: gapsOf(changes, "old", common) };
  const newSide = { lines: changed, gaps: gapsOf(changes, "new", common) };
  settle(oldSide, newSide.gaps);
  settle(newSide, oldSide.gaps);
  return changesOf(oldSide.gaps, newSide.gaps);
}

function gapsOf(changes: readonly Change[], side: keyof Change, common: number): number[] {
  const gaps = Array.from({ length: common + 1 }, () => 0);
  let passed = 0;
  for (const change of changes) {
    gaps[change[side].start - passed] = change[side].length;
    passed += change[side].length;
  }
  return gaps;
}

function settle(side: Side, others: readonly number[]): void {
  let start = 0;
  for (let at = 0; at < side.gaps.length;) {
    const size = side.gaps[at] ?? 0;
    if (size > 0) ({ at, start } = settleGroup(side, others, { at, start, size }));
    start += 1 + (side.gaps[at] ?? 0);
    at += 1;
  }
}

function settleGroup(side: Side, others: readonly number[], group: Group): Group {
  let settled = group;
  let size: number;
  let highest: Group;
  let meeting: number | undefined;
  do {
    size = settled.size;
    highest = moveWhile(side, settled, moveUp);
    meeting = others[highest.at] ? highest.at : undefined;
    settled = moveWhile(side, highest, (of, moving) => {
      const moved = moveDown(of, moving);
      if (moved && others[moved.at]) meeting = moved.at;
      return moved;
    });
  } while (settled.size !== size);
  const lowest = meeting;
  return lowest === undefined
    ? settled
    : moveWhile(side, settled, (of, moving) => (moving.at > lowest ? moveUp(of, moving) : undefined));
}

type Move = (side: Side, group: Group) => Group | undefined;

function moveWhile(side: Side, group: Group, move: Move): Group {
  let moved = group;
  for (let next = move(side, moved); next !== undefined; next = move(side, moved)) moved = next;
  return moved;
}

/** One line up, where the line above is the same as the last one; it takes in what lies there already. */
function moveUp({ lines, gaps }: Side, { at, start, size }: Group): Group | undefined {
  if (at === 0 || lines[start - 1] !== lines[start + size - 1]) return undefined;
  const met = gaps[at - 1] ?? 0;
  gaps[at] = 0;
  gaps[at - 1] = met + size;
  return { at: at - 1, start: start - 1 - met, size: met + size };
}

function moveDown({ lines, gaps }: Side, { at, start, size }: Group): Group | undefined {
  if (at === gaps.length - 1 || lines[start] !== lines[start + size]) return undefined;
  const met = gaps[at + 1] ?? 0;
  gaps[at] = 0;
  gaps[at + 1] = met + size;
  return { at: at + 1, start: start + 1, size: met + size };
}

function changesOf(oldGaps: readonly number[], newGaps: readonly number[]): readonly Change[] {
  const changes: Change[] = [];
  let oldStart = 0;
  let newStart = 0;
  for (const [index, oldLength] of oldGaps.entries()) {
    const newLength = newGaps[index] ?? 0;
    if (oldLength + newLength > 0) {
      changes.push({
        old: { start: oldStart, length: oldLength },
        new: { start: newStart, length: newLength },
      });
    }
    oldStart += oldLength + 1;
    newStart += newLength + 1;
  }
  return changes;
}
