import type { Rows, Statement } from "../../driver/port.ts";
import { timedOut } from "./link_errors.ts";

/** How long a caller waits for word that the cancel worked, in ms. */
const CANCEL_WORD = 100;

/** What runs a statement that can be given up needs of its link. */
export interface GuardedLink {
  /**
   * Lets work start when it can run alone, so that a cancel can hit nothing else; it calls `free` at its
   * end. Gives the function that takes it out again; that says false where it has started.
   */
  enter(start: (free: () => void) => void): () => boolean;
  /** Sends the statement. */
  send(statement: Statement): Promise<Rows>;
  /** Cancels the one statement under way and makes sure that the request cannot hit a later one. */
  cancel(settled: Promise<boolean>): Promise<void>;
}

/** Runs a statement that a signal or a time limit can end, waiting or under way. */
export function runGuarded(
  statement: Statement,
  signal: AbortSignal | undefined,
  timeoutMs: number,
  link: GuardedLink,
): Promise<Rows> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    let giveUp = (): void => {};
    const stopped = new Promise<void>((stop) => giveUp = stop);
    const timer = timeoutMs > 0 ? setTimeout(giveUp, timeoutMs) : undefined;
    signal?.addEventListener("abort", giveUp, { once: true });
    const forget = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    };
    const reason = (known: boolean): unknown =>
      signal?.aborted === true ? signal.reason : timedOut(statement, timeoutMs, known);
    const leave = link.enter(async (free) => {
      let stopping = false;
      const answer = link.send(statement);
      answer.then(forget, forget);
      answer.then(
        resolve,
        (error) => reject(isCancel(error) && stopping ? reason(true) : error),
      );
      const settled = answer.then(() => true, () => true);
      if (await Promise.race([settled, stopped.then(() => false)])) return free();
      stopping = true;
      // who aborts has his reason already; a time that ran out tells whether the cancel worked
      if (signal?.aborted === true) reject(signal.reason);
      const word = setTimeout(() => reject(reason(false)), CANCEL_WORD);
      await link.cancel(settled);
      clearTimeout(word);
      free();
      reject(reason(false));
    });
    stopped.then(() => {
      if (!leave()) return;
      forget();
      reject(reason(true));
    });
  });
}

/** Waits for work, but no longer than so many ms; false when the time ran out. */
export function within(work: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    work.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

function isCancel(error: unknown): boolean {
  return (error as { sqlstate?: unknown }).sqlstate === "57014";
}
