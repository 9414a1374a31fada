const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof codes;

/** Wraps text in a terminal colour, or returns it as it is where colour is off. */
export function paint(text: string, colour: Colour, useColour: boolean): string {
  return useColour ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text;
}
