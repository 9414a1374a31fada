interface Waiting {
  readonly runId: number;
  readonly answer: (mayGoOn: boolean) => void;
}

interface Lock {
  readonly runId: number;
  readonly stage: string;
}

/** Environments that one run uses at a time, as their checks ask. */
export class ExclusiveLocks {
  readonly #held = new Map<number, Lock>();
  readonly #waiting = new Map<number, readonly Waiting[]>();

  /**
   * Waits until the environment is free for a stage; false where a later run took its turn, or the run was canceled. In sequence
   * everybody gets a turn; otherwise only the latest one that waits.
   */
  async acquire(
    environmentId: number,
    lock: Lock,
    { isInSequence, signal }: { readonly isInSequence: boolean; readonly signal: AbortSignal },
  ): Promise<boolean> {
    const holder = this.#held.get(environmentId);
    if (holder === undefined || holder.runId === lock.runId) {
      this.#held.set(environmentId, lock);
      return true;
    }
    if (signal.aborted) return false;
    if (!isInSequence) this.#dismiss(environmentId);
    const mayGoOn = await new Promise<boolean>((answer) => {
      this.#waiting.set(environmentId, [...this.#queue(environmentId), { runId: lock.runId, answer }]);
      signal.addEventListener("abort", () => answer(false), { once: true });
    });
    if (mayGoOn) this.#held.set(environmentId, lock);
    else this.#leave(environmentId, lock.runId);
    return mayGoOn;
  }

  /** Frees what a stage of a run holds, or all that the run holds. */
  release(runId: number, stage: string | undefined): void {
    for (const [environmentId, lock] of this.#held) {
      if (lock.runId !== runId || (stage ?? lock.stage) !== lock.stage) continue;
      this.#held.delete(environmentId);
      const [next, ...others] = this.#queue(environmentId);
      this.#waiting.set(environmentId, others);
      next?.answer(true);
    }
  }

  #dismiss(environmentId: number): void {
    for (const { answer } of this.#queue(environmentId)) answer(false);
    this.#waiting.delete(environmentId);
  }

  #leave(environmentId: number, runId: number): void {
    const others = this.#queue(environmentId).filter((waiting) => waiting.runId !== runId);
    this.#waiting.set(environmentId, others);
  }

  #queue(environmentId: number): readonly Waiting[] {
    return this.#waiting.get(environmentId) ?? [];
  }
}
