/** Where rendered text goes; the only door to the process's standard streams. */
export interface Output {
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  writeError(text: string): void;
  readonly isTerminal: boolean;
  readonly useColour: boolean;
}

export interface OutputOptions {
  readonly isTerminal: boolean;
  /** `NO_COLOR` is set to anything but the empty string (https://no-color.org). */
  readonly noColour: boolean;
}

/** The process's own streams; a reader that goes away (`| head`) ends the writing without an error. */
export function standardOutput(options: OutputOptions): Output {
  ignoreBrokenPipe(process.stdout);
  ignoreBrokenPipe(process.stderr);
  return {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    isTerminal: options.isTerminal,
    useColour: options.isTerminal && !options.noColour,
  };
}

function ignoreBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
