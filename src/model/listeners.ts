/** Who listens to which signal, and how each is told. */
import { sessionFor, type Transaction, type Using } from "../execute/session.ts";
import type { ModelRef } from "../schema/meta.ts";
import { unbound } from "./bound.ts";
import type { SignalName, WriteEvent } from "./signal_types.ts";

/** Who is called. */
export interface Listener {
  /** The model whose writes it is told of, with those of the classes that extend it; null = every model. */
  readonly model: ModelRef | null;
  readonly handler: (event: WriteEvent) => unknown;
  /** Whether it waits for the commit. */
  readonly afterCommit: boolean;
}

/** An event before it is known which signal tells of it. */
export type Told = Omit<WriteEvent, "signal"> & Readonly<Record<string, unknown>>;

/** What every event of a write says. */
export function about(model: ModelRef, using: Using | null, operation: string): Told {
  const { transaction } = sessionFor(model.meta.database, using);
  return { model: unbound(model), operation, transaction };
}

/** The listeners of every signal. */
export interface Listening {
  /** Adds a listener; gives a function that ends it. */
  add(name: SignalName, listener: Listener): () => void;
  /** Whether anyone listens to a model. */
  hears(model: ModelRef): boolean;
  /** Calls the listeners of signals one after another, each in the transaction of the write or after its commit. */
  tell(names: readonly SignalName[], event: Told): Promise<void>;
}

/** Starts with nobody listening. */
export function listeningOf(): Listening {
  const lists = new Map<SignalName, readonly Listener[]>();
  const listOf = (name: SignalName): readonly Listener[] => lists.get(name) ?? [];
  return {
    add(name, listener) {
      const same = (one: Listener): boolean =>
        one.model === listener.model && one.handler === listener.handler;
      // a new list each time: one that is being told goes on as it was
      if (!listOf(name).some(same)) lists.set(name, [...listOf(name), listener]);
      return () => void lists.set(name, listOf(name).filter((one) => !same(one)));
    },
    hears(model) {
      for (const list of lists.values()) {
        if (list.some((one) => isFor(one, model))) return true;
      }
      return false;
    },
    async tell(names, event) {
      for (const signal of names) {
        for (const listener of listOf(signal)) {
          if (isFor(listener, event.model)) await call(listener, { ...event, signal });
        }
      }
    },
  };
}

function isFor(listener: Listener, model: ModelRef): boolean {
  return listener.model === null || listener.model === model ||
    Object.prototype.isPrototypeOf.call(listener.model, model);
}

async function call({ handler, afterCommit }: Listener, event: WriteEvent): Promise<void> {
  const tx: Transaction | null = event.transaction;
  if (!afterCommit || tx === null) return void await handler(Object.freeze(event));
  const late = Object.freeze({ ...event, transaction: null });
  tx.afterCommit(async () => void await handler(late));
}
