/** A whole row as the server sent it: the text of each column, in the order of the model's columns. */
export type CachedRow = readonly (string | null)[];

/** Where rows of a model are kept. */
export interface CachePlace {
  /** The database and the table. What is written there is removed for all scopes. */
  readonly table: string;
  /** Who reads: role, settings of the session, and the columns of the model. Rows of one never reach another. */
  readonly scope: string;
}

/** The answer of a store that has no row: what `fill` is to be given for the row that is read then. */
export interface CacheMiss {
  /** Tells whether the row was written since; empty where a store needs none. */
  readonly ticket: string;
}

/** What a store can tell of a table; null where it cannot. */
export interface StoreReport {
  /** How many entries it holds. */
  readonly size: number | null;
  /** How many entries it dropped because it was full. */
  readonly evictions: number | null;
}

/**
 * Where cached rows are kept: the port behind which memory, Redis or another store lies.
 *
 * A store that answers without a promise is read without waiting. It never gives out a row past its
 * life, and keeps the rows as they are: arrays of texts.
 */
export interface CacheStore {
  /** Whether other processes use it too, so that it outlives this one. */
  readonly shared: boolean;
  /** Gives the row of a key, or says that there is none. */
  read(place: CachePlace, key: string): CachedRow | CacheMiss | Promise<CachedRow | CacheMiss>;
  /**
   * Keeps a row that was read after `read` gave this miss, for so many ms (`Infinity`: for ever). Does
   * nothing when the key was removed, or its table cleared, since then.
   */
  fill(
    place: CachePlace,
    key: string,
    miss: CacheMiss,
    row: CachedRow,
    lifeMs: number,
  ): void | Promise<void>;
  /** Removes keys of a table, of every scope. */
  remove(table: string, keys: readonly string[]): void | Promise<void>;
  /** Removes every key of a table, of every scope. */
  clear(table: string): void | Promise<void>;
  /** Tells how much it holds of a table. */
  report(table: string): StoreReport | Promise<StoreReport>;
}
