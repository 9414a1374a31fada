/** Waits until every one has ended, so that nothing goes on behind the back of whoever clears up; then throws the first failure. */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
