import { StringDecoder } from "node:string_decoder";

const longestLine = 65_536;

/**
 * Cuts a stream of bytes into lines, at line feeds and, as an agent does, at carriage returns; what has no end for very long is cut where
 * it is, or before that where `uncut` says so.
 */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";
  private readonly onLine: (text: string) => void;
  private readonly uncut: (text: string) => number;

  constructor(onLine: (text: string) => void, uncut = (text: string): number => text.length) {
    this.onLine = onLine;
    this.uncut = uncut;
  }

  write(chunk: Buffer): void {
    const text = this.rest + this.decoder.write(chunk);
    // The line feed that belongs to a carriage return may come later.
    const isHalf = text.endsWith("\r");
    const lines = (isHalf ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? "") + (isHalf ? "\r" : "");
    for (const line of lines) this.onLine(line);
    if (this.rest.length >= longestLine) this.cut();
  }

  /** The last line, where nothing ended it. */
  end(): void {
    const last = (this.rest + this.decoder.end()).replace(/\r$/, "");
    this.rest = "";
    if (last !== "") this.onLine(last);
  }

  private cut(): void {
    const length = this.uncut(this.rest);
    this.onLine(this.rest.slice(0, length));
    this.rest = this.rest.slice(length);
  }
}
