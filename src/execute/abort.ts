import { TransactionError } from "../errors/base.ts";
import type { SavepointOptions } from "./handle.ts";

/** A signal that joins a caller's one, an outer one and a time limit. */
export interface Deadline {
  /** Undefined when there is nothing to wait for. */
  readonly signal: AbortSignal | undefined;
  /** Stops the clock. */
  clear(): void;
}

/** Starts the clock of a transaction. */
export function deadline(
  database: string,
  options: SavepointOptions,
  outer?: AbortSignal,
): Deadline {
  const signals = [options.signal, outer].filter((signal) => signal !== undefined);
  const { timeoutMs } = options;
  if (timeoutMs === undefined) {
    const signal = signals.length < 2 ? signals[0] : AbortSignal.any(signals);
    return { signal, clear: () => {} };
  }
  const clock = new AbortController();
  const expire = (): void =>
    clock.abort(
      new TransactionError(
        `The transaction on database "${database}" took longer than ${timeoutMs} ms`,
        {
          code: "transaction_timeout",
          hint: "Do less in it, or raise timeoutMs",
          context: { database, timeoutMs },
        },
      ),
    );
  const timer = setTimeout(expire, timeoutMs);
  return {
    signal: AbortSignal.any([clock.signal, ...signals]),
    clear: () => clearTimeout(timer),
  };
}

/** Waits for work, but no longer than until the signal is aborted. */
export function abortable<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
