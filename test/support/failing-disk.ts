import { writeFile } from "node:fs/promises";
import { realDisk, type Disk, type NewFile } from "../../lib/update/working-tree/disk.ts";

/** What happens at the step of a disk that is counted to. */
export type Fault =
  /** The process dies before the step: neither it nor anything after it happens. */
  | "dies"
  /** The process dies while it writes a file, of which half is there. */
  | "dies-halfway"
  /** The step is refused once, as by a lock or a missing right. */
  | "refused"
  /** The step and every later one that needs room is refused. */
  | "full";

export interface FailingDisk {
  readonly disk: Disk;
  /** The names of the steps that were asked for. */
  readonly steps: readonly string[];
}

/**
 * Fails at the given step of those that change the disk, counted from 0; never, where it is too large.
 * Whatever came before, the process dies before the step `diesAt`.
 */
export function failingDisk(fault: Fault, at: number, diesAt = Infinity): FailingDisk {
  const steps: string[] = [];
  const run = async (
    name: string,
    values: readonly unknown[],
    step: () => Promise<unknown>,
  ): Promise<unknown> => {
    const number = steps.push(name) - 1;
    const dies = fault.startsWith("dies") ? at : diesAt;
    if (fault === "dies-halfway" && number === at) await halfFile(values[0]);
    if (number >= dies) throw new Death();
    if (number < at) return await step();
    if (fault === "full" && takesRoom(name)) throw refusal("ENOSPC", name);
    if (fault === "refused" && number === at) throw refusal("EACCES", name);
    return await step();
  };
  const disk: Disk = {
    ...realDisk,
    ...Object.fromEntries(
      Object.entries(realDisk).map(([name, step]: [string, (...values: unknown[]) => Promise<unknown>]) => [
        name,
        (...values: unknown[]) => run(name, values, () => step(...values)),
      ]),
    ),
  };
  return { disk, steps };
}

/** Whether a step fails on a disk that is full. */
export function takesRoom(step: string): boolean {
  return ["makeFolder", "createFile", "createSymlink", "linkFile", "copyFile", "git"].includes(step);
}

/** Not an error that the code under test could take for a refusal. */
class Death extends Error {
  override readonly name = "Death";
}

async function halfFile(file: unknown): Promise<void> {
  if (!isNewFile(file)) throw new TypeError("Only createFile can die halfway.");
  await writeFile(file.path, file.bytes.subarray(0, Math.floor(file.bytes.length / 2)), { flag: "wx" });
}

function isNewFile(value: unknown): value is NewFile {
  return typeof value === "object" && value !== null && "bytes" in value;
}

function refusal(code: string, name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused, ${name}`), { code, syscall: name });
}
