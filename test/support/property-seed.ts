/** So many runs from a seed that is new each time; fast-check prints it with a counterexample, and this prints it always. */
export function runs(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  const seed = Date.now() & 0x7fffffff;
  process.stdout.write(`fast-check seed ${seed}, ${numRuns} runs\n`);
  return { numRuns, seed };
}
