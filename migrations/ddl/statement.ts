/** PostgreSQL's table-level locks, weakest first. */
export const LOCK_MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

/** A table-level lock. */
export type LockMode = typeof LOCK_MODES[number];

/** The strongest lock that a statement takes on a relation that was there before. */
export interface Lock {
  readonly mode: LockMode;
  /** The identity of the table, view or sequence. */
  readonly relation: string;
}

/** What a statement can destroy. */
export interface Loss {
  /** In words, such as `all rows of "public"."orders"`. */
  readonly what: string;
  /** A query that counts the rows concerned, to be run on the live database; null = nothing to count. */
  readonly count: string | null;
}

/** One statement, with what it does to a database that is in use. */
export interface DdlStatement {
  /** The statement, without a semicolon at its end. */
  readonly sql: string;
  /** Its strongest lock; null = it takes none on a table. */
  readonly lock: Lock | null;
  /** Whether it writes every row of a table anew while it holds the lock. */
  readonly rewrites: boolean;
  /** Whether it reads every row of a table while it holds the lock. */
  readonly scans: boolean;
  /** What it can destroy; null = nothing. */
  readonly loss: Loss | null;
  /** Whether it may run in a transaction with others; false = alone, outside of one. */
  readonly transactional: boolean;
  /** What else to know; null = nothing. */
  readonly note: string | null;
}
