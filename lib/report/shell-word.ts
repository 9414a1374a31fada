/** A word of a command as a person can paste it into a POSIX shell: quoted where it holds more than plain characters. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
