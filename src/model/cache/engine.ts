/** Answers lookups from caches, and makes void what is written. Loaded by programs that ask for a cache. */
import { CacheGroup, tableName, type Written } from "../../cache/group.ts";
import { cacheOrigin } from "../../cache/origin.ts";
import type { CachedRow } from "../../cache/store.ts";
import type { CachedTable } from "../../cache/table.ts";
import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import { OrmError } from "../../errors/base.ts";
import { DatabaseError } from "../../errors/database.ts";
import { type EndWork, Frame } from "../../execute/frame.ts";
import type { Caller } from "../../execute/origin.ts";
import { type Database, Databases } from "../../execute/registry.ts";
import { cachedDatabase, primaryReads, type Session, type Using } from "../../execute/session.ts";
import { wholeRows } from "../../query/shape.ts";
import { declaredCount } from "../../schema/declared.ts";
import type { ModelRef } from "../../schema/meta.ts";
import { hydrate } from "../hydrate.ts";
import { loadByKey } from "../load_related.ts";
import { stateOf } from "../row_state.ts";
import type {
  CacheEngine,
  CacheStatistics,
  KeyTexts,
  Lookup,
  Reference,
  Touch,
} from "./contract.ts";
import { DatabaseCache, lifeOn, type ModelCache } from "./database_cache.ts";
import { type Affected, TableGraph, writtenBy } from "./graph.ts";
import { askedKey, keysOf, keyText, referencedKey, type UniqueKey, uniqueText } from "./keys.ts";

type Answer = object | null | Promise<object | null>;

/** One lookup by a key on a database whose cache may be used. */
interface KeyLookup {
  readonly model: ModelRef;
  readonly key: UniqueKey;
  readonly texts: readonly string[];
  readonly using: Using | null;
  readonly caller: Caller;
  readonly options: RunOptions | undefined;
}

class Caches implements CacheEngine, EndWork<Noted> {
  readonly #databases = new WeakMap<Database, DatabaseCache>();
  readonly #groups = new Map<string, WeakRef<CacheGroup>>();
  #graph: TableGraph | null = null;
  #registrations = 0;

  find({ model, where, using, options }: Lookup): Answer | undefined {
    const keys = keysOf(model);
    if (keys === null) return undefined;
    const database = cachedDatabase(model.meta.database, using);
    const cache = database === null ? null : this.of(database).model(model);
    if (database === null || cache === null || !cache.table.open) return undefined;
    const asked = askedKey(keys, where);
    if (asked === undefined) return undefined;
    const { key, values } = asked;
    const texts = key.columns.map((column, index) => column.encode(values[index])!);
    const caller = { model, operation: "get" };
    return this.#lookUp(database, cache, { model, key, texts, using, caller, options });
  }

  follow({ relation, key: given, using, caller, options }: Reference): Answer | undefined {
    const { target: model, remote } = relation;
    const keys = relation.kind === "fk" ? keysOf(model) : null;
    const key = keys === null ? null : referencedKey(keys, remote);
    if (key === null) return undefined;
    const database = cachedDatabase(model.meta.database, using);
    const cache = database === null ? null : this.of(database).model(model);
    if (database === null || cache === null || !cache.table.open) return undefined;
    const texts = key.columns.map((column) => given[remote.indexOf(column)]!);
    return this.#lookUp(database, cache, { model, key, texts, using, caller, options });
  }

  async write(
    session: Session,
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller,
    touches: readonly Touch[],
  ): Promise<Rows> {
    const database = Databases.default.get(session.database);
    const affected = this.#affected(database, touches);
    if (affected.length === 0) return await session.run(statement, options, caller);
    const { transaction } = session;
    if (transaction !== null) {
      const noted: Noted = { database, written: null, affected };
      if (transaction instanceof Frame) transaction.note(this as EndWork<Noted>, noted);
      else transaction.afterCommit(() => this.ended([noted], true));
      const rows = await session.run(statement, options, caller);
      noted.written = writtenBy(affected, rows);
      return rows;
    }
    let rows: Rows;
    try {
      rows = await session.run(statement, options, caller);
    } catch (error) {
      await this.#afterFailure(database, affected, error);
      throw error;
    }
    await this.of(database).group.invalidate(writtenBy(affected, rows));
    return rows;
  }

  async peek(model: ModelRef, key: KeyTexts, database: string | null): Promise<object | null> {
    const cache = this.#named(model, database).model(model);
    const row = cache === null ? null : await cache.table.peek(keyText(key));
    return row === null ? null : instance(model, row, database);
  }

  async forget(
    model: ModelRef,
    keys: readonly KeyTexts[] | null,
    database: string | null,
  ): Promise<void> {
    const { schema, table } = model.meta;
    const written = { table: tableName(schema, table), keys: keys?.map(keyText) ?? null };
    await this.#named(model, database).group.invalidate([written]);
  }

  async forgetAll(): Promise<void> {
    for (const name of Databases.default.names()) {
      await this.of(Databases.default.get(name)).group.invalidateAll();
    }
  }

  async statistics(): Promise<CacheStatistics[]> {
    const all = Databases.default.names().flatMap((name) =>
      this.of(Databases.default.get(name)).reports()
    );
    return await Promise.all(all);
  }

  #named(model: ModelRef, database: string | null): DatabaseCache {
    return this.of(Databases.default.get(database ?? model.meta.database));
  }

  lastStatements(): readonly Statement[] {
    return [];
  }

  async ended(items: readonly Noted[], sure: boolean): Promise<void> {
    for (const { database, written, affected } of items) {
      const { group } = this.of(database);
      const all = written ?? writtenBy(affected, null);
      await (sure ? group.invalidate(all) : group.doubt(all));
    }
  }

  /** The caches of a database. Those of all others are made as well: a write concerns what they share. */
  of(database: Database): DatabaseCache {
    const { registrations } = Databases.default;
    if (registrations !== this.#registrations) {
      this.#registrations = registrations;
      for (const name of Databases.default.names()) this.#make(Databases.default.get(name));
    }
    return this.#databases.get(database) ?? this.#make(database);
  }

  #make(database: Database): DatabaseCache {
    const present = this.#databases.get(database);
    if (present !== undefined) return present;
    const origin = cacheOrigin(database.config);
    let group = this.#groups.get(origin.database)?.deref();
    if (group === undefined) {
      group = new CacheGroup(origin.database);
      this.#groups.set(origin.database, new WeakRef(group));
    }
    const made = new DatabaseCache(database, origin, group);
    this.#databases.set(database, made);
    return made;
  }

  #affected(database: Database, touches: readonly Touch[]): Affected[] {
    let graph = this.#graph;
    if (graph === null || !graph.complete || graph.declared !== declaredCount()) {
      this.#graph = graph = new TableGraph();
    }
    const isCached = (meta: ModelRef["meta"]): boolean => lifeOn(database, meta) > 0;
    const present = graph;
    return touches.flatMap((touch) => present.affected(touch, isCached));
  }

  /** A write that failed may still have been done, or be done later. */
  async #afterFailure(
    database: Database,
    affected: readonly Affected[],
    error: unknown,
  ): Promise<void> {
    const isUndone = error instanceof DatabaseError && error.outcome === "rolledBack";
    if (isUndone) return;
    const { group } = this.of(database);
    const written = writtenBy(affected, null);
    // an error of the library alone, as of the hook of statements, leaves no work under way
    const isOver = error instanceof OrmError && !(error instanceof DatabaseError);
    await (isOver ? group.invalidate(written) : group.doubt(written));
  }

  #lookUp(database: Database, { table }: ModelCache, lookup: KeyLookup): Answer {
    const { model, key, texts, using, caller, options } = lookup;
    let own: object | null | undefined;
    const load = async (): Promise<CachedRow | null> => {
      const session = primaryReads(database);
      [own = null] = await loadByKey(texts, key.relation, using, caller, options, session);
      return own === null ? null : wireOf(own);
    };
    const alone = options !== undefined;
    const found = key.isPrimary
      ? table.find(keyText(texts), load, alone)
      : findByUnique(table, key, texts, load, alone);
    if (!(found instanceof Promise)) return found === null ? null : instance(model, found, using);
    // who read it has a row already
    return found.then((row) => own ?? (row === null ? null : instance(model, row, using)));
  }
}

/** What a transaction noted for its end. */
interface Noted {
  readonly database: Database;
  readonly affected: readonly Affected[];
  /** Null until the statement was answered. */
  written: readonly Written[] | null;
}

function findByUnique(
  table: CachedTable,
  key: UniqueKey,
  texts: readonly string[],
  load: () => Promise<CachedRow | null>,
  alone: boolean,
): Promise<CachedRow | null> {
  const fits = (row: CachedRow): boolean =>
    key.places.every((place, index) => row[place] === texts[index]);
  return table.findBy({ key: uniqueText(key, texts), fits }, load, alone);
}

function wireOf(row: object): CachedRow {
  const { wire, model } = stateOf(row);
  // a row that was read among others has the number of its key as well
  return wire!.slice(0, model.meta.columns.length);
}

function instance(model: ModelRef, row: CachedRow, using: Using | null): object {
  return hydrate({ shape: wholeRows(model) }, { columns: [], rows: [row] }, using)[0]!;
}

/** Makes the caches of a process. */
export function makeCaches(): CacheEngine {
  return new Caches();
}
