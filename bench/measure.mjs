// Times commands side by side in one run: interleaved rounds, medians, and ratios to the first command (the floor).
import { spawnSync } from "node:child_process";

/**
 * @param {readonly {name: string, command: readonly string[], before?: () => void, env?: object}[]} contenders the first is the floor
 * @param {number} rounds
 */
export function compare(contenders, rounds) {
  const times = contenders.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      contender.before?.();
      const ms = time(contender);
      if (round >= 0) times[index].push(ms); // round -1 warms the caches up
    }
  }
  const floor = median(times[0]);
  return contenders.map(({ name }, index) => {
    const ms = median(times[index]);
    return {
      name,
      "median ms": round1(ms),
      "min ms": round1(Math.min(...times[index])),
      ratio: (ms / floor).toFixed(2),
    };
  });
}

function time({ command: [program, ...args], env }) {
  const start = performance.now();
  const result = spawnSync(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${result.stderr}`);
  return performance.now() - start;
}

function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

function round1(value) {
  return Math.round(value * 10) / 10;
}
