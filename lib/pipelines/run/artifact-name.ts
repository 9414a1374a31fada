/** Whether the service takes a text as the name of an artifact; it becomes the name of a folder. */
export function isArtifactName(text: string): boolean {
  return /^[^"*/:<>?\\|\r\n]+$/.test(text) && !/^\.{1,2}$/.test(text);
}
