/** Which call a statement is sent for; told to `onQuery`. */
export interface Caller {
  /** The class of the model; null when the statement is of none. */
  readonly model: object | null;
  /** The call, such as `create` or `filter.all`. */
  readonly operation: string;
}

/** Where a statement came from and went to, as the `onQuery` hook is told. */
export interface QueryOrigin {
  /** The name of the model's class; null for `begin` and the like, and for `run()` of a session. */
  readonly model: string | null;
  /**
   * The call: `create`, `save`, `filter.all`, `fetch.items`, `prefetch.items`; `transaction` for
   * `begin` and the like, `replication` for a look at how far a server is, `cacheSync` for what processes
   * tell each other of caches, `runScript` for a script, `run` for a session's own.
   */
  readonly operation: string;
  /** Whether it ran in a transaction that the library began. */
  readonly transaction: boolean;
  /** `primary`, or `replica1`, `replica2` by their order in the configuration. */
  readonly server: string;
}

/** A statement that a session was handed by itself. */
export const OWN_STATEMENT: Caller = { model: null, operation: "run" };

/** What begins, ends and divides transactions. */
export const TRANSACTION: Caller = { model: null, operation: "transaction" };

/** A look at how far a server of a primary and its replicas is. */
export const REPLICATION: Caller = { model: null, operation: "replication" };

/** What processes tell each other of what they have written. */
export const CACHE_SYNC: Caller = { model: null, operation: "cacheSync" };

/** Puts together what the hook is told. */
export function originOf(caller: Caller, transaction: boolean, server: string): QueryOrigin {
  const { model, operation } = caller;
  // a model is a class, whose name a minifier may have shortened
  const { name = "" } = (model ?? {}) as { readonly name?: string };
  return { model: model === null ? null : name, operation, transaction, server };
}
