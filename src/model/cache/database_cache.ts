/** The cached rows of one registered database. */
import { type CacheGroup, tableName } from "../../cache/group.ts";
import { memoryStore } from "../../cache/memory.ts";
import type { CacheOrigin } from "../../cache/origin.ts";
import type { CacheStore } from "../../cache/store.ts";
import { CachedTable } from "../../cache/table.ts";
import type { Database } from "../../execute/registry.ts";
import type { ModelMeta, ModelRef } from "../../schema/meta.ts";
import type { CacheStatistics } from "./contract.ts";
import { keysOf, keyText, type ModelKeys } from "./keys.ts";

/** A model whose rows a database caches. */
export interface ModelCache {
  readonly keys: ModelKeys;
  readonly table: CachedTable;
}

/** How long a model's rows may be cached on a database, in ms. */
export function lifeOn({ config }: Database, { cacheLife }: ModelMeta): number {
  return cacheLife ?? config.cacheLife ?? 0;
}

/** The caches of a database's models. */
export class DatabaseCache {
  /** The database. */
  readonly database: Database;
  /** All caches over the same database. */
  readonly group: CacheGroup;
  /** Where the rows are kept. */
  readonly store: CacheStore;
  readonly #scope: string;
  readonly #isOpen: () => boolean;
  readonly #models = new WeakMap<ModelRef, ModelCache | null>();
  readonly #tables = new Map<string, { readonly label: string; readonly table: CachedTable }>();

  /** Joins the caches over the same database; `isOpen` tells whether lookups may use them at this moment. */
  constructor(
    database: Database,
    origin: CacheOrigin,
    group: CacheGroup,
    isOpen: () => boolean,
  ) {
    this.database = database;
    this.group = group;
    this.#isOpen = isOpen;
    this.#scope = origin.scope;
    this.store = database.config.cacheStore ?? memoryStore();
    group.addStore(this.store);
    database.beforeClose(() => this.#leave());
  }

  /** The cache of a model; null when its rows are not cached here. */
  model(model: ModelRef): ModelCache | null {
    let cache = this.#models.get(model);
    if (cache === undefined) this.#models.set(model, cache = this.#make(model));
    return cache;
  }

  /** What is known of each model that was asked for rows. */
  reports(): Promise<CacheStatistics>[] {
    return [...this.#tables.values()].map(async ({ label, table }) => ({
      table: label,
      database: this.database.name,
      open: table.open,
      ...table.counts,
      ...await this.store.report(table.place.table),
    }));
  }

  #make(model: ModelRef): ModelCache | null {
    const { meta } = model;
    const keys = keysOf(model);
    const lifeMs = lifeOn(this.database, meta);
    if (keys === null || lifeMs === 0) return null;
    // rows are told by position: what other columns a model has, others must not read
    const columns = meta.columns.map(({ name, type }) => [name, type.schema, type.name]);
    const name = tableName(meta.schema, meta.table);
    const scope = JSON.stringify([this.#scope, columns]);
    const once = JSON.stringify([name, scope, lifeMs]);
    let table = this.#tables.get(once)?.table;
    if (table === undefined) {
      const { places } = keys.primary;
      table = new CachedTable({
        store: this.store,
        place: { table: this.group.keyOf(name), scope },
        lifeMs,
        keyOf: (row) => keyText(places.map((place) => row[place] ?? null)),
        isOpen: this.#isOpen,
      });
      this.#tables.set(once, { label: meta.label, table });
      this.group.addTable(name, table);
    }
    return { keys, table };
  }

  /** A database that is registered anew starts with nothing; what others share with this process stays. */
  async #leave(): Promise<void> {
    const tables = [...this.#tables.values()].map(({ table }) => table);
    if (!this.store.shared) {
      for (const { place } of tables) await this.store.clear(place.table);
    }
    this.group.leave(this.store, tables);
  }
}
