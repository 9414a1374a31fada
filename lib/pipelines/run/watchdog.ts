import { spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Writable } from "node:stream";

/**
 * Waits for the end of its input, which comes with the death of whoever holds the other side, however that died. Process groups that it was
 * told of and were not taken back are killed then, and every process that carries the marker, wherever the system shows it. What is killed may
 * have started others in between, so it looks again.
 */
const script = `
groups=
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -)
      left=
      for known in $groups; do [ "$known" = "$group" ] || left="$left $known"; done
      groups=$left
      ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
for round in 1 2 3; do
  found=$(grep -lsF -e "$1" /proc/[0-9]*/environ)
  [ -n "$found" ] || exit 0
  for path in $found; do
    path=\${path%/environ}
    kill -s KILL "\${path#/proc/}"
  done
done
`;

/** A small process that outlives this one by a moment, to end what this one leaves running when it is killed. */
export class Watchdog {
  private readonly input: Writable;

  /** Processes that carry the marker in their environment are its own. */
  constructor(marker: string) {
    const child = spawn("/bin/sh", ["-c", script, "sh", marker], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    // A machine without that shell has no watchdog, and runs are as good as ever.
    child.on("error", () => undefined);
    child.unref();
    this.input = child.stdin.on("error", () => undefined);
    if (child.stdin instanceof Socket) child.stdin.unref();
  }

  /** A process group that is killed with this process, until it is released. */
  watch(group: number): void {
    this.input.write(`+ ${group}\n`);
  }

  release(group: number): void {
    this.input.write(`- ${group}\n`);
  }
}
