import { ValidationError } from "../errors/base.ts";
import { now } from "../util/host.ts";
import type { CachedRow, CacheMiss, CachePlace, CacheStore, StoreReport } from "./store.ts";

/** Settings of a store in memory. */
export interface MemoryStoreOptions {
  /** Most entries of a model and scope; the one that was read longest ago makes way; default 10,000. */
  readonly maxEntries?: number;
  /** The clock, in ms; it must never go back. Default: that of the host. */
  readonly clock?: () => number;
}

/** Most entries of a model when nothing is said. */
const MAX_ENTRIES = 10_000;

const MISS: CacheMiss = { ticket: "" };

interface Entry {
  readonly row: CachedRow;
  readonly until: number;
}

/** The entries of one scope of a table. A `Map` keeps the order of insertion: the first one is the oldest. */
type Entries = Map<string, Entry>;

interface Table {
  readonly scopes: Map<string, Entries>;
  evictions: number;
}

class MemoryStore implements CacheStore {
  readonly shared = false;
  readonly #tables = new Map<string, Table>();
  readonly #most: number;
  readonly #clock: () => number;

  constructor({ maxEntries = MAX_ENTRIES, clock = now }: MemoryStoreOptions) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new ValidationError("maxEntries is not a whole number from 1 up", {
        code: "invalid_argument",
        hint: "Leave the cache off where no row shall be kept",
      });
    }
    this.#most = maxEntries;
    this.#clock = clock;
  }

  read({ table, scope }: CachePlace, key: string): CachedRow | CacheMiss {
    const entries = this.#tables.get(table)?.scopes.get(scope);
    const entry = entries?.get(key);
    if (entry === undefined || entries === undefined) return MISS;
    entries.delete(key);
    if (entry.until !== Infinity && entry.until <= this.#clock()) return MISS;
    entries.set(key, entry);
    return entry.row;
  }

  fill(
    { table: name, scope }: CachePlace,
    key: string,
    _miss: CacheMiss,
    row: CachedRow,
    lifeMs: number,
  ): void {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, table = { scopes: new Map(), evictions: 0 });
    let entries = table.scopes.get(scope);
    if (entries === undefined) table.scopes.set(scope, entries = new Map());
    entries.delete(key);
    entries.set(key, { row, until: lifeMs === Infinity ? Infinity : this.#clock() + lifeMs });
    if (entries.size <= this.#most) return;
    const [oldest] = entries.keys();
    entries.delete(oldest!);
    table.evictions++;
  }

  remove(table: string, keys: readonly string[]): void {
    for (const entries of this.#tables.get(table)?.scopes.values() ?? []) {
      for (const key of keys) entries.delete(key);
    }
  }

  clear(table: string): void {
    this.#tables.get(table)?.scopes.clear();
  }

  report(name: string): StoreReport {
    const table = this.#tables.get(name);
    if (table === undefined) return { size: 0, evictions: 0 };
    const sizes = [...table.scopes.values()].map((entries) => entries.size);
    return { size: sizes.reduce((sum, size) => sum + size, 0), evictions: table.evictions };
  }
}

/**
 * Makes a store in the memory of this process, which drops what was not read for longest when it is
 * full. Every database with a cache has one of its own unless it is given another.
 *
 * @throws {ValidationError} `maxEntries` is not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { memoryStore, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({
 *   name: "main",
 *   url: "pglite://memory",
 *   cacheStore: memoryStore({ maxEntries: 50_000 }),
 * });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): CacheStore {
  return new MemoryStore(options);
}
