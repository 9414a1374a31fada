/** A disturbance of matching requests, to prove that clients survive it. */
export interface Fault {
  /** Methods that it applies to; absent for all. */
  readonly methods?: readonly string[];
  /** Regular expression on the path below the organisation; absent for all. */
  readonly path?: string;
  /** Matching requests that pass before it begins. */
  readonly offset?: number;
  /** Matching requests that it disturbs; absent for one. */
  readonly times?: number;
  /** `before`: the operation does not happen. `after`: it happens and the answer is lost or an error. */
  readonly when: "before" | "after";
  /** Status that is answered; absent drops the connection. */
  readonly status?: number;
  /** Seconds in a Retry-After header. */
  readonly retryAfter?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that disturbs this request, counting it. */
  take(method: string, path: string): Fault | undefined;
}

/** Faults are counted in the order in which they were added; a request meets the first that is due. */
export function createFaults(): Faults {
  const entries: { readonly fault: Fault; seen: number }[] = [];
  return {
    add: (fault) => void entries.push({ fault, seen: 0 }),
    clear: () => void entries.splice(0),
    take: (method, path) => {
      for (const entry of entries.filter(({ fault }) => matches(fault, method, path))) {
        entry.seen += 1;
        const offset = entry.fault.offset ?? 0;
        if (entry.seen > offset && entry.seen <= offset + (entry.fault.times ?? 1)) return entry.fault;
      }
      return undefined;
    },
  };
}

function matches({ methods, path: pattern }: Fault, method: string, path: string): boolean {
  return (
    (methods === undefined || methods.includes(method)) &&
    (pattern === undefined || new RegExp(pattern, "i").test(path))
  );
}
