interface Waiter {
  enter(): void;
  fail(error: unknown): void;
}

/** Lets one caller in at a time, in the order of arrival. */
export class Turnstile {
  readonly #limitMs: number;
  readonly #late: (words: string) => Error;
  readonly #waiting: Waiter[] = [];
  #since: number | null = null;
  #closed: (() => Error) | undefined;

  /** `late` makes the error of a caller who waited for longer than `limitMs`; 0 for no limit. */
  constructor(limitMs: number, late: (words: string) => Error) {
    this.#limitMs = limitMs;
    this.#late = late;
  }

  /** Waits for the turn; gives the function that ends it. */
  enter(
    signal: AbortSignal | undefined,
    timeoutMs: number,
    tooLate: (timeoutMs: number) => Error,
  ): Promise<() => void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#since === null) return Promise.resolve(this.#begin());
    return new Promise((resolve, reject) => {
      const timers: ReturnType<typeof setTimeout>[] = [];
      const end = (act: () => void): void => {
        for (const timer of timers) clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        const at = this.#waiting.indexOf(waiter);
        if (at !== -1) this.#waiting.splice(at, 1);
        act();
      };
      const waiter: Waiter = {
        enter: () => end(() => resolve(this.#begin())),
        fail: (error) => end(() => reject(error)),
      };
      const onAbort = (): void => waiter.fail(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (this.#limitMs > 0) {
        timers.push(setTimeout(() => waiter.fail(this.#late(this.#words())), this.#limitMs));
      }
      if (timeoutMs > 0) {
        timers.push(setTimeout(() => waiter.fail(tooLate(timeoutMs)), timeoutMs));
      }
      this.#waiting.push(waiter);
    });
  }

  /** Refuses all who wait. */
  close(error: () => Error): void {
    this.#closed = error;
    for (const waiter of [...this.#waiting]) waiter.fail(error());
  }

  #begin(): () => void {
    this.#since = performance.now();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#since = null;
      if (this.#closed === undefined) this.#waiting[0]?.enter();
    };
  }

  #words(): string {
    const held = this.#since === null ? 0 : Math.round(performance.now() - this.#since);
    return `size: 1, waiting: ${this.#waiting.length}, longest holder: ${held} ms`;
  }
}
