import { DataError } from "../errors/database.ts";
import { chunks } from "../util/chunks.ts";
import type { Session } from "./session.ts";

/** Most keys that go out in one statement. */
const MOST = 1_000;

/** One caller: what it asks for, and how it is answered. */
interface Caller<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

/** Loads the values of several keys at once, in their order. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<readonly Value[]>;

/**
 * Joins lookups that are asked for in the same turn and differ only in their key into one statement.
 *
 * Only lookups of one session (a database, or one transaction on it) and one subject meet.
 */
export class Coalescer<Key, Value> {
  readonly #waiting = new WeakMap<Session, Map<object, Caller<Key, Value>[]>>();

  /** Asks for the value of a key; `load` of the first caller of a turn serves all of them. */
  ask(session: Session, subject: object, key: Key, load: LoadMany<Key, Value>): Promise<Value> {
    let subjects = this.#waiting.get(session);
    if (subjects === undefined) this.#waiting.set(session, subjects = new Map());
    let callers = subjects.get(subject);
    if (callers === undefined) {
      subjects.set(subject, callers = []);
      const all = callers;
      const present = subjects;
      // two turns of the microtask queue: callers that awaited something settled still meet
      queueMicrotask(() =>
        queueMicrotask(() => {
          present.delete(subject);
          void serve(session, all, load);
        })
      );
    }
    const list = callers;
    return new Promise((resolve, reject) => list.push({ key, resolve, reject }));
  }
}

async function serve<Key, Value>(
  session: Session,
  callers: readonly Caller<Key, Value>[],
  load: LoadMany<Key, Value>,
): Promise<void> {
  await Promise.all(chunks(callers, MOST).map((part) => servePart(session, part, load)));
}

async function servePart<Key, Value>(
  session: Session,
  callers: readonly Caller<Key, Value>[],
  load: LoadMany<Key, Value>,
): Promise<void> {
  try {
    const values = await load(callers.map(({ key }) => key));
    callers.forEach(({ resolve }, index) => resolve(values[index]!));
  } catch (error) {
    // one bad key must not fail the others; in a transaction the server has given up anyway
    const alone = error instanceof DataError && callers.length > 1 && session.transaction === null;
    if (!alone) return callers.forEach(({ reject }) => reject(error));
    await Promise.all(callers.map((caller) => servePart(session, [caller], load)));
  }
}
