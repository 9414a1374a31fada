import { readFileSync, readdirSync, statSync, type Stats } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { eacModel, type CommandResult } from "../support/eac-model.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const isWindows = process.platform === "win32";

describe("compiled code that is kept for the next run", () => {
  test("is kept where only the user can write, once", async () => {
    await using folder = await temporaryFolder();
    await showHelp(folder);
    const first = keptFile(folder);

    await showHelp(folder);

    expect(keptFile(folder)).toEqual(first);
    expect(first.names).toEqual([expect.stringMatching(/^v[\d.]+-\w+-\d+-[0-9a-f]{64}-others$/)]);
    expect(first.bytes).toBeGreaterThan(10_000);
    if (!isWindows)
      expect([first.mode & 0o777, statSync(cache(folder)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test("is kept for each short command by itself", async () => {
    await using folder = await temporaryFolder();

    for (const command of ["update", "init", "schema", "--help", "../../out"])
      await eacModel([command, "--help"], { cwd: folder.path, env: { XDG_CACHE_HOME: folder.path } });

    const tasks = readdirSync(cache(folder)).map((name) => name.split("-").at(-1));
    expect(new Set(tasks)).toEqual(new Set(["init", "others", "update"]));
    expect(tasks).toHaveLength(3);
  });

  test("is kept for other settings of V8 by itself, which would refuse it every time", async () => {
    await using folder = await temporaryFolder();
    await showHelp(folder);
    const env = { XDG_CACHE_HOME: folder.path, NODE_OPTIONS: "--max-old-space-size=512" };

    await eacModel(["--help"], { cwd: folder.path, env });
    await showHelp(folder);

    expect(readdirSync(cache(folder))).toHaveLength(2);
  });

  test("can load what is outside of it", async () => {
    await using folder = await temporaryFolder();
    const look = (): Promise<CommandResult> =>
      eacModel(["local", "status"], { cwd: folder.path, env: { XDG_CACHE_HOME: folder.path } });
    const first = await look();

    const again = await look();

    expect(again).toEqual({ code: 0, error: "", output: expect.stringContaining("not running") });
    expect(again).toEqual(first);
  });

  test("is made anew where it is damaged", async () => {
    await using folder = await temporaryFolder();
    await showHelp(folder);
    const whole = readFileSync(keptFile(folder).path);
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 5000, 6000);
    await writeFile(keptFile(folder).path, damaged);

    const { code, output } = await showHelp(folder);

    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Usage: eac-model") });
    expect(
      readFileSync(keptFile(folder).path).subarray(5000, 6000).equals(damaged.subarray(5000, 6000)),
    ).toBe(false);
  });

  test.each(isWindows ? [] : ["the file", "the folder"])(
    "is not read where others can write %s",
    async (which) => {
      await using folder = await temporaryFolder();
      await showHelp(folder);
      const before = keptFile(folder);
      await chmod(which === "the file" ? before.path : cache(folder), which === "the file" ? 0o666 : 0o777);

      const { code } = await showHelp(folder);

      expect(code).toBe(0);
      if (which === "the file") expect(keptFile(folder)).not.toMatchObject({ inode: before.inode });
      else expect(keptFile(folder)).toEqual(before);
    },
  );

  test("is neither read nor written through a link", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "elsewhere"));
    await mkdir(dirname(cache(folder)));
    await symlink(join(folder.path, "elsewhere"), cache(folder));

    const { code } = await showHelp(folder);

    expect(code).toBe(0);
    expect(readdirSync(join(folder.path, "elsewhere"))).toEqual([]);
  });

  test("is done without where there is no place for it", async () => {
    await using folder = await temporaryFolder();
    await writeFile(dirname(cache(folder)), "");

    const { code, error } = await showHelp(folder);

    expect({ code, error }).toEqual({ code: 0, error: "" });
  });
});

function showHelp(folder: TemporaryFolder): Promise<CommandResult> {
  return eacModel(["--help"], { cwd: folder.path, env: { XDG_CACHE_HOME: folder.path } });
}

function cache(folder: TemporaryFolder): string {
  return join(folder.path, "eac-model", "code");
}

function keptFile(folder: TemporaryFolder): {
  readonly names: readonly string[];
  readonly path: string;
  readonly inode: number;
  readonly bytes: number;
  readonly mode: number;
} {
  const names = readdirSync(cache(folder));
  const path = join(cache(folder), names[0] ?? "");
  const { ino: inode, size: bytes, mode }: Stats = statSync(path);
  return { names, path, inode, bytes, mode };
}
