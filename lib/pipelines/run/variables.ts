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
  private readonly written = new Map<string, Variable>();
  /** The same with values put in; undefined until they are read. */
  private expanded: ReadonlyMap<string, Variable> | undefined;
  private isExpanding = false;

  constructor(variables: Iterable<Variable> = []) {
    for (const variable of variables) this.set(variable);
  }

  /** A secret stays one, whatever is written to it later. */
  set(variable: Variable): void {
    const key = variable.name.toLowerCase();
    const isSecret = variable.isSecret || this.byName.get(key)?.isSecret === true;
    this.written.set(key, { ...variable, isSecret });
    this.expanded = undefined;
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

  /**
   * From now on what values say of other variables is put in, also of those that are set later; a value that comes to hold something of a
   * secret is a secret itself.
   */
  expandValues(): void {
    this.isExpanding = true;
  }

  private get byName(): ReadonlyMap<string, Variable> {
    if (!this.isExpanding) return this.written;
    this.expanded ??= expandAll(this.written);
    return this.expanded;
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

function expandAll(written: ReadonlyMap<string, Variable>): ReadonlyMap<string, Variable> {
  return new Map(
    [...written].map(([key, variable]) => {
      const read = new Set<string>();
      const value = expandDeep(variable.value, { written, read, within: [key] }) ?? variable.value;
      const isSecret = variable.isSecret || [...read].some((name) => written.get(name)?.isSecret === true);
      return [key, { ...variable, value, isSecret }];
    }),
  );
}

interface Reading {
  readonly written: ReadonlyMap<string, Variable>;
  /** By lower case. */
  readonly read: Set<string>;
  /** The variables that are being read, each by the one before it. */
  readonly within: readonly string[];
}

/** Undefined for a circle, or a chain of more than fifty, in which a variable stays as it is written. */
function expandDeep(text: string, { written, read, within }: Reading): string | undefined {
  let isEndless = false;
  const result = replaceMacros(text, (name) => {
    const key = name.toLowerCase();
    const variable = written.get(key);
    if (variable === undefined) return undefined;
    read.add(key);
    isEndless ||= within.includes(key) || within.length >= deepest;
    const inner = isEndless
      ? undefined
      : expandDeep(variable.value, { written, read, within: [...within, key] });
    isEndless ||= inner === undefined;
    return inner;
  });
  return isEndless ? undefined : result;
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
