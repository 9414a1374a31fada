const ourStart = /^<<<<<<< ours \(repository\)\r?$/m;
const ourEnd = /^>>>>>>> template \(eac-model [^\n]*\)\r?$/m;

/** Whether a file holds conflict markers that an update wrote; text that only looks like them is a person's own. */
export function holdsOurMarkers(bytes: Uint8Array): boolean {
  // Without its NUL bytes UTF-16 reads as the ASCII that the markers are.
  const text = Buffer.from(bytes).toString("latin1").replaceAll("\0", "");
  return ourStart.test(text) || ourEnd.test(text);
}

/** Whether a path is the copy of the template's side that an update left beside a file. */
export function isSidecar(path: string): boolean {
  return /\.eac-new(?:[.-]?\d+)?$/.test(path);
}
