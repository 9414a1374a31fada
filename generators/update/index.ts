import Generator, { type BaseOptions } from "yeoman-generator";
import { findCommand } from "../../lib/cli/commands.ts";
import { declareCommand, runCommand } from "../command-generator.ts";

const command = findCommand("update");

/** `yo eac-model:update [folder]`: the update command, asking its questions through Yeoman. */
export default class UpdateGenerator extends Generator {
  constructor(args: string[], options: BaseOptions) {
    super(args, options, { customCommitTask: true, customInstallTask: true });
    declareCommand(this, command, "Folder of the repository; default: here.");
  }

  async writing(): Promise<void> {
    await runCommand(this, command);
  }
}
