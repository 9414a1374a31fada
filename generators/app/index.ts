import Generator, { type BaseOptions } from "yeoman-generator";
import { findCommand } from "../../lib/cli/commands.ts";
import { declareCommand, runCommand } from "../command-generator.ts";

const command = findCommand("init");

/** `yo eac-model [folder]`: the init command, asking its questions through Yeoman. */
export default class AppGenerator extends Generator {
  constructor(args: string[], options: BaseOptions) {
    super(args, options, { customCommitTask: true, customInstallTask: true });
    declareCommand(this, command, "Folder of the new repository.");
  }

  async writing(): Promise<void> {
    await runCommand(this, command);
  }
}
