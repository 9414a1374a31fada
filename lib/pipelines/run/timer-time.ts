/** What a timer takes at most; a longer time would end at once. */
const longest = 2_147_483_647;

/** Minutes as timers take them: nothing here runs for more than the 24 days that they can count. */
export function timerTime(minutes: number): number {
  return Math.min(minutes * 60_000, longest);
}
