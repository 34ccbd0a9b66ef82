import { localName } from "./origin.ts";
import type { CachedTable } from "./table.ts";
import type { CacheStore } from "./store.ts";

/** A table that was written, and the keys of its rows; null for any of them. */
export interface Written {
  /** The table as `tableName` says it. */
  readonly table: string;
  readonly keys: readonly string[] | null;
}

/** Most keys of one write that are removed one by one; more empty the table. */
export const MOST_KEYS = 1_000;

/** The name of a table in the keys of a database. */
export function tableName(schema: string | null, table: string): string {
  return JSON.stringify([schema, table]);
}

/** All caches over one database, whatever roles and names they are reached by. */
export class CacheGroup {
  /** What it calls itself before other processes. */
  readonly name: string = localName();
  readonly #database: string;
  readonly #stores = new Set<CacheStore>();
  readonly #tables = new Map<string, Set<CachedTable>>();

  /** `database` is what the keys of all its tables begin with. */
  constructor(database: string) {
    this.#database = database;
  }

  /** The full name of a table in a store. */
  keyOf(table: string): string {
    return `${this.#database} ${table}`;
  }

  /** Has writes be told to a store, whether or not this process reads from it. */
  addStore(store: CacheStore): void {
    this.#stores.add(store);
  }

  /** Has writes of a table ground the reads of a cache. */
  addTable(table: string, cached: CachedTable): void {
    let all = this.#tables.get(table);
    if (all === undefined) this.#tables.set(table, all = new Set());
    all.add(cached);
  }

  /** Takes caches out, and their store. */
  leave(store: CacheStore, caches: readonly CachedTable[]): void {
    this.#stores.delete(store);
    for (const all of this.#tables.values()) {
      for (const one of caches) all.delete(one);
    }
  }

  /** Makes what was written void, everywhere in this process and in the stores. */
  invalidate(written: readonly Written[]): void | Promise<void> {
    let late: Promise<void>[] | undefined;
    for (const { table, keys } of written) {
      const some = keys !== null && keys.length <= MOST_KEYS ? keys : null;
      if (some?.length === 0) continue;
      const tables = this.#tables.get(table);
      for (const one of tables ?? []) one.ground(some);
      for (const store of this.#stores) {
        const told = this.#tell(store, table, some);
        if (told === undefined) continue;
        const owe = (): void => {
          for (const one of tables ?? []) one.failed();
        };
        (late ??= []).push(told.catch(owe));
      }
    }
    return late === undefined ? undefined : Promise.all(late).then(() => {});
  }

  /** Has lookups go past the caches of tables for a while: nobody knows whether a write was done. */
  doubt(written: readonly Written[]): void | Promise<void> {
    for (const { table } of written) {
      for (const one of this.#tables.get(table) ?? []) one.doubt();
    }
    return this.invalidate(written.map(({ table }) => ({ table, keys: null })));
  }

  /** Empties the caches of every table: what was written meanwhile is not known. */
  invalidateAll(): void | Promise<void> {
    return this.invalidate([...this.#tables.keys()].map((table) => ({ table, keys: null })));
  }

  #tell(
    store: CacheStore,
    table: string,
    keys: readonly string[] | null,
  ): Promise<void> | undefined {
    const name = this.keyOf(table);
    const told = keys === null ? store.clear(name) : store.remove(name, keys);
    return told instanceof Promise ? told : undefined;
  }
}
