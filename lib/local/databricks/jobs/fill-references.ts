/** What `{{…}}` in a parameter stands for, by its name inside the braces. */
export type References = Readonly<Record<string, string>>;

/** A parameter with its references to the job and its run filled in; what is not known stays as it is. */
export function fillReferences(text: string, references: References): string {
  return text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(references, name) ? (references[name] ?? whole) : whole,
  );
}
