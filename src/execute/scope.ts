import { type Ambient, ambient } from "../util/host.ts";

/** A transaction as the flow of calls carries it. */
export interface Scoped {
  /** The database that it belongs to, by identity. */
  readonly owner: object;
}

/** The transactions that a flow is in, innermost first, of any database. */
interface Scope {
  readonly frame: Scoped;
  readonly outer: Scope | undefined;
}

// one for the module: it holds nothing of its own, each flow sees what it was given
let store: Ambient<Scope> | null = null;

function storage(): Ambient<Scope> | null {
  return store ??= ambient<Scope>();
}

/** Tells whether the runtime can carry a transaction along by itself. */
export function hasAmbient(): boolean {
  return storage() !== null;
}

/** Finds the innermost transaction of one database that the present flow is in, ended ones too. */
export function currentScoped(owner: object): Scoped | undefined {
  for (let scope = store?.get(); scope !== undefined; scope = scope.outer) {
    if (scope.frame.owner === owner) return scope.frame;
  }
  return undefined;
}

/** Calls a function whose flow is in a transaction. */
export function inside<Result>(frame: Scoped, fn: () => Result): Result {
  const flow = storage();
  return flow === null ? fn() : flow.run({ frame, outer: flow.get() }, fn);
}

/** Calls a function whose flow is in no transaction: for what outlives the one that starts it. */
export function outside<Result>(fn: () => Result): Result {
  return store === null ? fn() : store.run(undefined, fn);
}
