import { describe, expect, test } from "@jest/globals";
import { commands } from "../../../lib/cli/commands.ts";
import { optionValue, type CommandSpec } from "../../../lib/cli/command.ts";
import { parseCommandLine } from "../../../lib/cli/parse-command-line.ts";
import { EacError } from "../../../lib/errors/eac-error.ts";

function command(name: string): CommandSpec {
  const found = commands.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
}

function usageError(name: string, words: readonly string[]): EacError {
  try {
    parseCommandLine(command(name), words);
  } catch (error) {
    if (error instanceof EacError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("parseCommandLine", () => {
  test("collects positionals, switches and repeated values", () => {
    const input = parseCommandLine(command("init"), [
      "out",
      "--answers",
      "a.yml",
      "--set",
      "a=1",
      "-s",
      "b=x=y",
      "--yes",
    ]);

    expect(input.positionals).toEqual(["out"]);
    expect(optionValue(input, "answers")).toBe("a.yml");
    expect(input.values.get("set")).toEqual(["a=1", "b=x=y"]);
    expect(input.flags.has("yes")).toBe(true);
  });

  test("takes the last of a single-valued option", () => {
    const input = parseCommandLine(command("init"), ["--answers=a.yml", "--answers=b.yml"]);

    expect(optionValue(input, "answers")).toBe("b.yml");
  });

  test("treats everything after -- as positional", () => {
    const input = parseCommandLine(command("init"), ["--", "--yes"]);

    expect(input.positionals).toEqual(["--yes"]);
    expect(input.flags.size).toBe(0);
  });

  test("reports every mistake at once, with the option that was probably meant", () => {
    const error = usageError("init", ["a", "b", "--answer", "x", "--yes=no"]);

    expect(error.exitCode).toBe(64);
    expect(error.message).toContain("unknown option --answer, did you mean --answers?");
    expect(error.message).toContain("--yes takes no value");
    expect(error.message).toContain('unexpected argument "b"');
  });

  test.each([
    { words: ["--answers"], says: "--answers needs a value (FILE)" },
    { words: ["--answers", "--yes"], says: "--answers needs a value (FILE)" },
    { words: ["--answers="], says: "--answers needs a value (FILE)" },
    { words: ["--frobnicate"], says: "unknown option --frobnicate" },
    { words: ["-x"], says: "unknown option -x" },
  ])("refuses $words", ({ words, says }) => {
    expect(usageError("init", words).message).toContain(says);
  });
});
