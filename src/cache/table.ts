import { now } from "../util/host.ts";
import type { CachedRow, CacheMiss, CachePlace, CacheStore } from "./store.ts";

/** How long a table is read past its cache when nobody knows whether a write of it was done, in ms. */
const DOUBT_MS = 60_000;

/** How long a store that failed is left alone, in ms. */
const RETRY_MS = 1_000;

const NO_TICKET: CacheMiss = { ticket: "" };

/** What begins a key that leads to another one: a unique key to the primary key of its row. */
const ALIAS = "~";

/** What a cache of a table has counted since the start. */
export interface CacheCounts {
  /** Lookups that were answered without the database. */
  readonly hits: number;
  /** Lookups that went to the database. */
  readonly misses: number;
  /** Lookups that waited for the answer to an earlier one. */
  readonly shared: number;
  /** Times that rows were removed because they were written. */
  readonly invalidations: number;
  /** Calls of the store that failed. */
  readonly failures: number;
}

/** A read that is under way and may fill the cache. */
interface Flight {
  readonly row: Promise<CachedRow | null>;
  /** Set once the row may have been written since the read began. */
  stale: boolean;
}

/** Reads a row from the database; null when there is none. */
export type Load = () => Promise<CachedRow | null>;

/** How a row is looked up by a unique key. */
export interface Alias {
  /** The text of the unique key. */
  readonly key: string;
  /** Whether a row has this unique key. */
  fits(row: CachedRow): boolean;
}

/** What a cache of a table is made of. */
export interface CachedTableSettings {
  readonly store: CacheStore;
  /** Where its rows are kept. */
  readonly place: CachePlace;
  /** How long, in ms. */
  readonly lifeMs: number;
  /** The key of a row, as the server writes it. */
  readonly keyOf: (row: CachedRow) => string;
  /** Tells whether the cache may be used at this moment. */
  readonly isOpen: () => boolean;
}

/** The cached rows of a model: lookups, what they cost once, and what makes them void. */
export class CachedTable {
  /** Where its rows are kept. */
  readonly place: CachePlace;
  readonly #store: CacheStore;
  readonly #lifeMs: number;
  readonly #keyOf: (row: CachedRow) => string;
  readonly #isOpen: () => boolean;
  readonly #flights = new Map<string, Flight>();
  readonly #counts = { hits: 0, misses: 0, shared: 0, invalidations: 0, failures: 0 };
  /** The store may hold rows that were written since. */
  #owed = false;
  /** Until when it is not looked at then, and not told either. */
  #pastUntil = 0;
  #mending = false;

  constructor({ store, place, lifeMs, keyOf, isOpen }: CachedTableSettings) {
    this.#store = store;
    this.place = place;
    this.#lifeMs = lifeMs;
    this.#keyOf = keyOf;
    this.#isOpen = isOpen;
  }

  /** What was counted. */
  get counts(): CacheCounts {
    return this.#counts;
  }

  /** Whether lookups may use it now. A store that missed a write, or may have, is emptied first. */
  get open(): boolean {
    if (!this.#isOpen()) return false;
    if (!this.#owed) return true;
    if (now() < this.#pastUntil || this.#mending) return false;
    this.ground(null);
    const cleared = this.#store.clear(this.place.table);
    if (!(cleared instanceof Promise)) return !(this.#owed = false);
    this.#mending = true;
    cleared.then(() => void (this.#owed = false), () => this.failed()).finally(() => {
      this.#mending = false;
    });
    return false;
  }

  /**
   * Gives the row of a key, from the cache or by `load`. Who is `alone` reads for himself where the cache
   * has no row, and fills nothing: what ends his read must not end that of others.
   */
  find(key: string, load: Load, alone: boolean): CachedRow | null | Promise<CachedRow | null> {
    const found = this.#read(key);
    if (found instanceof Promise) return found.then((late) => this.#found(key, late, load, alone));
    return this.#found(key, found, load, alone);
  }

  /** Gives the row of a unique key: by way of its primary key, whose row must still have it. */
  async findBy(alias: Alias, load: Load, alone: boolean): Promise<CachedRow | null> {
    const link = ALIAS + alias.key;
    const found = await this.#read(link);
    const known = isRow(found) ? found[0] ?? null : null;
    const rowMiss = known === null ? undefined : await this.#read(known);
    if (isRow(rowMiss) && alias.fits(rowMiss)) {
      this.#counts.hits++;
      return rowMiss;
    }
    if (alone) return await this.#pass(load);
    const under = this.#flights.get(link);
    if (under !== undefined) return await this.#join(under);
    return await this.#fly(link, load, async (row) => {
      const key = this.#keyOf(row);
      // what another process wrote since shows by a ticket alone, which is older than the read
      const miss = known === key ? rowMiss : this.#store.shared ? undefined : NO_TICKET;
      if (miss !== undefined && !isRow(miss)) await this.#fill(key, miss, row);
      // a link that is no longer true does no harm: the row is held against it
      if (found !== undefined) await this.#fill(link, isRow(found) ? NO_TICKET : found, [key]);
    });
  }

  /** The row of a key as the cache has it, for display; counts nothing. */
  async peek(key: string): Promise<CachedRow | null> {
    if (!this.open) return null;
    const found = await this.#read(key);
    return isRow(found) ? found : null;
  }

  /** Makes reads under way of some keys, or of all when null, fill nothing; later ones start anew. */
  ground(keys: readonly string[] | null): void {
    this.#counts.invalidations++;
    if (this.#flights.size === 0) return;
    const hit = keys === null ? null : new Set(keys);
    for (const [key, flight] of this.#flights) {
      // whose row a unique key leads to is not known yet
      if (hit !== null && !hit.has(key) && !key.startsWith(ALIAS)) continue;
      flight.stale = true;
      this.#flights.delete(key);
    }
  }

  /** Has lookups go past the cache for a while, and start with an empty one: a write may still be done. */
  doubt(): void {
    this.#owed = true;
    this.#pastUntil = now() + DOUBT_MS;
  }

  /** Notes that the store could not be told of a write: it is emptied before it is used again. */
  failed(): void {
    this.#counts.failures++;
    this.#owed = true;
    this.#pastUntil = Math.max(this.#pastUntil, now() + RETRY_MS);
  }

  #found(
    key: string,
    found: CachedRow | CacheMiss | undefined,
    load: Load,
    alone: boolean,
  ): CachedRow | null | Promise<CachedRow | null> {
    if (isRow(found)) {
      this.#counts.hits++;
      return found;
    }
    if (alone) return this.#pass(load);
    const under = this.#flights.get(key);
    if (under !== undefined) return this.#join(under);
    return this.#fly(key, load, async (row) => {
      // a key that is written otherwise than by the server would be missed when the row is written
      if (found !== undefined && this.#keyOf(row) === key) await this.#fill(key, found, row);
    });
  }

  #pass(load: Load): Promise<CachedRow | null> {
    this.#counts.misses++;
    return load();
  }

  #join(flight: Flight): Promise<CachedRow | null> {
    this.#counts.shared++;
    return flight.row;
  }

  /** Reads the row; the flight stays known until what it fills is in place. */
  #fly(
    key: string,
    load: Load,
    keep: (row: CachedRow) => Promise<void>,
  ): Promise<CachedRow | null> {
    this.#counts.misses++;
    const flight: Flight = { row: load(), stale: false };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const end = async (): Promise<void> => {
      try {
        const row = await flight.row;
        if (row !== null && !flight.stale && this.open) await keep(row);
      } finally {
        land();
      }
    };
    // the caller hears of the failure of the read itself
    end().catch(() => {});
    return flight.row;
  }

  async #fill(key: string, miss: CacheMiss, row: CachedRow): Promise<void> {
    try {
      await this.#store.fill(this.place, key, miss, row, this.#lifeMs);
    } catch {
      // a row that is not kept is read again
      this.#counts.failures++;
    }
  }

  /** Undefined where the store cannot tell: the database can. */
  #read(
    key: string,
  ): CachedRow | CacheMiss | undefined | Promise<CachedRow | CacheMiss | undefined> {
    const found = this.#store.read(this.place, key);
    if (!(found instanceof Promise)) return found;
    return found.catch(() => {
      this.#counts.failures++;
      return undefined;
    });
  }
}

function isRow(found: CachedRow | CacheMiss | undefined): found is CachedRow {
  return Array.isArray(found);
}
