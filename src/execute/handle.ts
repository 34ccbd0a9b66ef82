import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import type { Caller } from "./origin.ts";

/** Where a query runs: a database by itself, or a transaction on it. */
export interface Session {
  /** The database's name in the registry. */
  readonly database: string;
  /** The transaction that statements join; null when each one commits by itself. */
  readonly transaction: Transaction | null;
  /**
   * Runs one statement. `caller` is what `onQuery` is told.
   *
   * @throws {DatabaseError} what the server refused; its context names the database
   * @throws {TransactionError} the transaction has ended or failed
   */
  run(statement: Statement, options?: RunOptions, caller?: Caller): Promise<Rows>;
}

/** Options of a nested transaction. */
export interface SavepointOptions {
  /** Rolls back, cancels the statement under way, and rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time in ms that it may take; default none. */
  readonly timeoutMs?: number | undefined;
}

/** A transaction under way. Statements sent without waiting for each other run in order. */
export interface Transaction extends Session {
  /** The transaction itself, so that it serves as a session. */
  readonly transaction: Transaction;
  /** Whether it was committed or rolled back: it takes no more statements. */
  readonly ended: boolean;
  /**
   * Runs a function in a nested transaction (a savepoint). When it throws, only what was done in it
   * is undone. Statements and nested transactions of this one that come meanwhile wait for its end.
   *
   * @throws {TransactionError} this transaction has ended or failed
   */
  savepoint<Result>(
    fn: (tx: Transaction) => Promise<Result>,
    options?: SavepointOptions,
  ): Promise<Result>;
  /**
   * Calls a function once the outermost transaction is committed, in the order of registration; not
   * at all when this one, or one around it, is rolled back.
   *
   * @throws {TransactionError} this transaction has ended
   */
  afterCommit(fn: () => void | Promise<void>): void;
  /**
   * Calls a function when what was done so far is rolled back, with this transaction or with one
   * around it; the last one registered first. It must not throw.
   *
   * @throws {TransactionError} this transaction has ended
   */
  afterRollback(fn: () => void): void;
}

/** A function to call after the commit. */
export type CommitHook = () => void | Promise<void>;

/** The isolation levels of PostgreSQL. */
export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

/** Options of a transaction. */
export interface TransactionOptions extends SavepointOptions {
  /** The database; default the first one registered. */
  readonly database?: string | undefined;
  /** Default: what the server is set to, `read committed` as a rule. Not in a nested transaction. */
  readonly isolation?: IsolationLevel | undefined;
  /** Refuses writes. Not in a nested transaction. */
  readonly readOnly?: boolean | undefined;
  /** With `serializable` and `readOnly`: waits at the start, then never fails. Not in a nested one. */
  readonly deferrable?: boolean | undefined;
  /**
   * How often the whole function is run again when the transaction was rolled back for a reason that
   * may not come again: a serialization failure, a deadlock, a lost connection. Default 0. A nested
   * transaction leaves it to the outermost one.
   */
  readonly retries?: number | undefined;
}
