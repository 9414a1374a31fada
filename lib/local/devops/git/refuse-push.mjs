// git's proc-receive hook (git help hooks): receives only the pushed refs that are protected, and refuses each of them.
// The environment names the reason, so that git shows it: ! [remote rejected] main -> main (TF402455: …)
import { readSync, writeSync } from "node:fs";

const input = 0;
const output = 1;
const reason = process.env.EAC_MODEL_REFUSAL ?? "refused";

readPackets();
writePackets(["version=1"]);
writePackets(readPackets().map((line) => `ng ${line.trimEnd().split(" ").slice(2).join(" ")} ${reason}`));

/** Reads pkt-lines up to a flush packet: four hexadecimal digits of length, themselves included, then the text. */
function readPackets() {
  const lines = [];
  for (;;) {
    const length = Number.parseInt(readExactly(4), 16);
    if (!(length > 4)) return lines;
    lines.push(readExactly(length - 4));
  }
}

function readExactly(length) {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(input, buffer, filled, length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled).toString("utf8");
}

function writePackets(lines) {
  for (const line of lines) {
    const text = Buffer.from(line, "utf8");
    writeSync(output, `${(text.length + 4).toString(16).padStart(4, "0")}${line}`);
  }
  writeSync(output, "0000");
}
