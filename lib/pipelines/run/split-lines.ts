import { StringDecoder } from "node:string_decoder";

const longestLine = 65_536;

/** Cuts a stream of bytes into lines; what has no end for very long is cut where it is. */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";
  private readonly onLine: (text: string) => void;

  constructor(onLine: (text: string) => void) {
    this.onLine = onLine;
  }

  write(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (this.rest.length < longestLine) return;
    this.onLine(this.rest);
    this.rest = "";
  }

  /** The last line, where nothing ended it. */
  end(): void {
    const last = this.rest + this.decoder.end();
    this.rest = "";
    if (last !== "") this.onLine(last);
  }
}
