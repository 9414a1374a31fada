import type { ObjectValue } from "../expressions/value.ts";

/** A variable of a job; its name is found in any letter case. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
  readonly isReadonly: boolean;
}

/** As deep as variables may stand for each other. */
const deepest = 50;

/** The variables of one job, or of a stage before its jobs begin. */
export class Variables {
  private readonly byName = new Map<string, Variable>();

  constructor(variables: Iterable<Variable> = []) {
    for (const variable of variables) this.set(variable);
  }

  /** A secret stays one, whatever is written to it later. */
  set(variable: Variable): void {
    const key = variable.name.toLowerCase();
    const isSecret = variable.isSecret || this.byName.get(key)?.isSecret === true;
    this.byName.set(key, { ...variable, isSecret });
  }

  get(name: string): Variable | undefined {
    return this.byName.get(name.toLowerCase());
  }

  valueOf(name: string): string | undefined {
    return this.get(name)?.value;
  }

  get all(): readonly Variable[] {
    return [...this.byName.values()];
  }

  /** Every `$(name)` of a known variable becomes its value, once; others stay. */
  expand(text: string): string {
    return replaceMacros(text, (name) => this.valueOf(name));
  }

  /** What the values say of other variables is put in; one that a value comes to hold of a secret is a secret itself. */
  expandValues(): void {
    const written = new Map([...this.byName].map(([key, { value }]) => [key, value]));
    for (const variable of this.all) {
      const read = new Set<string>();
      const value = expandDeep(variable.value, { written, read, depth: 0 });
      const isSecret = variable.isSecret || [...read].some((name) => this.get(name)?.isSecret === true);
      this.byName.set(variable.name.toLowerCase(), { ...variable, value, isSecret });
    }
  }

  /** As expressions read them. */
  toObject(): ObjectValue {
    return Object.fromEntries(this.all.map(({ name, value }) => [name, value]));
  }

  /** As programs see them: secrets are left out. */
  toEnvironment(): Readonly<Record<string, string>> {
    const open = this.all.filter(({ isSecret }) => !isSecret);
    return Object.fromEntries(open.map(({ name, value }) => [environmentName(name), value]));
  }
}

/** The name under which programs see a variable. */
export function environmentName(name: string): string {
  return name.replaceAll(/[. ]/g, "_").toUpperCase();
}

interface Depth {
  readonly written: ReadonlyMap<string, string>;
  readonly read: Set<string>;
  readonly depth: number;
}

function expandDeep(text: string, { written, read, depth }: Depth): string {
  if (depth >= deepest) return text;
  return replaceMacros(text, (name) => {
    const value = written.get(name.toLowerCase());
    if (value === undefined) return undefined;
    read.add(name);
    return expandDeep(value, { written, read, depth: depth + 1 });
  });
}

/** A `$(` that begins no known name is text, and the next one is looked at. */
function replaceMacros(text: string, valueOf: (name: string) => string | undefined): string {
  let result = "";
  let at = 0;
  for (let start = text.indexOf("$("); start >= 0; start = text.indexOf("$(", at)) {
    const end = text.indexOf(")", start);
    if (end < 0) break;
    const value = valueOf(text.slice(start + 2, end));
    result += text.slice(at, start) + (value ?? "$(");
    at = value === undefined ? start + 2 : end + 1;
  }
  return result + text.slice(at);
}
