import { TransactionError } from "../errors/base.ts";
import type { SavepointOptions } from "./handle.ts";

/** A signal that joins a caller's one, an outer one and a time limit. */
export interface Deadline {
  /** Undefined when there is nothing to wait for. */
  readonly signal: AbortSignal | undefined;
  /** Stops the clock. */
  clear(): void;
}

/** The longest delay that a timer takes; a longer one would fire at once. */
const LONGEST_MS = 2_147_483_647;

/**
 * Starts the clock of a transaction.
 *
 * @throws {TransactionError} the time limit is no number above 0, or more than 24 days
 */
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
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_MS)) {
    throw new TransactionError(
      `Cannot start a transaction on database "${database}": timeoutMs must be above 0 and at ` +
        `most ${LONGEST_MS}`,
      { code: "invalid_option", context: { database } },
    );
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
