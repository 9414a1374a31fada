import { applyUpdate } from "../../lib/update/working-tree/apply-update.ts";
import { realDisk, type Disk } from "../../lib/update/working-tree/disk.ts";
import { lockUpdate } from "../../lib/update/working-tree/lock.ts";
import { openRepository } from "../../lib/update/working-tree/model-repository.ts";
import { recoverUpdate } from "../../lib/update/working-tree/recover-update.ts";

/**
 * A process of its own that updates `a.yml` from `1` to `2` and adds `b/new.yml`: `node update-process.cjs FOLDER STEP`.
 * It kills itself before that step of those that change the disk, and ends with 0 or with the code of the error on its output.
 */
const [folder = "", step = "Infinity"] = process.argv.slice(2);
let steps = 0;

const disk: Disk = {
  ...realDisk,
  ...Object.fromEntries(
    Object.entries(realDisk).map(([name, method]: [string, (...values: unknown[]) => Promise<unknown>]) => [
      name,
      (...values: unknown[]) => {
        if (steps++ === Number(step)) process.kill(process.pid, "SIGKILL");
        return method(...values);
      },
    ]),
  ),
};

const old = { path: "a.yml", mode: "100644", bytes: Buffer.from("1\n") } as const;
const fresh = { path: "b/new.yml", mode: "100644", bytes: Buffer.from("new\n") } as const;
const plan = {
  entries: [
    {
      path: old.path,
      verdict: "update",
      reason: "",
      before: old,
      after: { ...old, bytes: Buffer.from("2\n") },
    },
    { path: fresh.path, verdict: "add", reason: "", before: undefined, after: fresh },
  ],
} as const;

async function update(): Promise<string> {
  try {
    await using lock = await lockUpdate(await openRepository(folder, disk));
    await recoverUpdate(lock);
    await applyUpdate(lock, { plan, stateFiles: [] });
    return "updated";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

void update().then((said) => process.stdout.write(said));
