// What is told on the way: lines that stay and, in a terminal, one line below them that says what is waited for; elsewhere it is a line now and then.
const terminal = process.stdout.isTTY === true;
const quietMs = 20_000;
let toldAt = Date.now();

export const progress = {
  say(text) {
    clear();
    toldAt = Date.now();
    process.stdout.write(`${text}\n`);
  },
  wait(text) {
    if (terminal) process.stdout.write(`\r\u001B[K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else if (Date.now() - toldAt > quietMs) this.say(text);
  },
};

function clear() {
  if (terminal) process.stdout.write("\r\u001B[K");
}

/** Such as 12.3 s or 2 min 5 s. */
export function formatDuration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long a run or a stage took, or has taken so far. */
export function durationOf({ startTime, finishTime }) {
  return (finishTime ? Date.parse(finishTime) : Date.now()) - Date.parse(startTime ?? new Date());
}

/** Rows below a header, each column as wide as its widest cell. */
export function formatTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd()}`,
  );
}
