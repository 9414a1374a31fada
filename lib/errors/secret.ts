const hidden = "***";

/** Holds a credential so that printing, serialising or interpolating it by accident shows `***`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The credential itself; call only where it enters a request header or a child's environment. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }
}
