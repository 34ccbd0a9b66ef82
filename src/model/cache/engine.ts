/** Answers lookups from caches, and makes void what is written. Loaded by programs that ask for a cache. */
import { CacheGroup, tableName } from "../../cache/group.ts";
import type { Told } from "../../cache/notice.ts";
import { cacheOrigin } from "../../cache/origin.ts";
import type { CachedRow } from "../../cache/store.ts";
import type { CachedTable } from "../../cache/table.ts";
import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import { OrmError } from "../../errors/base.ts";
import { DatabaseError } from "../../errors/database.ts";
import { type EndWork, Frame } from "../../execute/frame.ts";
import type { Rider } from "../../execute/joined.ts";
import { CACHE_SYNC, type Caller } from "../../execute/origin.ts";
import { type Database, Databases } from "../../execute/registry.ts";
import { cachedDatabase, primaryReads, type Session, type Using } from "../../execute/session.ts";
import { transactionOn } from "../../execute/transaction.ts";
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
import { type Affected, changesBy, type TableChange, TableGraph, writtenBy } from "./graph.ts";
import type { CacheSync } from "./sync.ts";
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
  readonly caller: Caller = CACHE_SYNC;
  #graph: TableGraph | null = null;
  /** Null until a database with `cacheSync` is used. */
  #sync: typeof import("./sync.ts") | null = null;
  #registrations = 0;

  find({ model, where, using, options }: Lookup): Answer | undefined {
    const keys = keysOf(model);
    if (keys === null) return undefined;
    // a filter that is none is for the query to refuse, before a database is looked for
    const asked = askedKey(keys, where);
    if (asked === undefined) return undefined;
    const database = cachedDatabase(model.meta.database, using);
    const cache = database === null ? null : this.of(database).model(model);
    if (database === null || cache === null || !cache.table.open) return undefined;
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
    if (database.config.cacheSync && this.#sync === null) this.#sync = await import("./sync.ts");
    const { transaction } = session;
    if (transaction !== null) {
      const noted: Noted = { database, changes: null, affected };
      if (transaction instanceof Frame) transaction.note(this as EndWork<Noted>, noted);
      else transaction.afterCommit(() => this.ended([noted], true));
      const rows = await session.run(statement, options, caller);
      noted.changes = changesBy(affected, rows);
      if (!(transaction instanceof Frame)) {
        for (const one of this.lastStatements([noted])) {
          await session.run(one, undefined, CACHE_SYNC);
        }
      }
      return rows;
    }
    let rows: Rows;
    try {
      rows = await this.#runAlone(database, { statement, caller }, affected, touches, options) ??
        await session.run(statement, options, caller);
    } catch (error) {
      await this.#afterFailure(database, affected, error);
      throw error;
    }
    await this.of(database).group.invalidate(writtenBy(changesBy(affected, rows)));
    return rows;
  }

  /** Runs a write that others are told of, in a transaction of its own; undefined where there is nobody to tell. */
  async #runAlone(
    database: Database,
    write: Rider,
    affected: readonly Affected[],
    touches: readonly Touch[],
    options: RunOptions | undefined,
  ): Promise<Rows | undefined> {
    const sync = database.config.cacheSync ? this.#sync : null;
    if (sync === null || affected.every(({ inserted }) => inserted)) return undefined;
    const isKnown = affected.every(({ keys, inserted }) => inserted || typeof keys !== "function");
    const { capabilities } = await database.driver();
    const { poolMode, statementTimeoutMs } = database.config;
    // behind a pooler nobody else keeps the time of a statement that is part of a transaction
    const usual = poolMode === "transaction" ? statementTimeoutMs : 0;
    const { signal, timeoutMs = usual } = options ?? {};
    if (isKnown && signal === undefined && timeoutMs === 0 && capabilities.pipelining) {
      const notice = sync.noticeOf(this.of(database).group.name, changesBy(affected, null));
      return notice === null ? undefined : await sync.writeAndTell(database, write, notice);
    }
    const { statement, caller } = write;
    return await sync.onceMore(() =>
      transactionOn(
        database,
        (tx) => this.write(tx, statement, { signal, timeoutMs }, caller, touches),
        {},
      )
    );
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

  lastStatements(items: readonly Noted[]): readonly Statement[] {
    const [first] = items;
    // what is noted in a transaction is of its database
    if (first === undefined || !first.database.config.cacheSync || this.#sync === null) return [];
    const notice = this.#sync.noticeOf(
      this.of(first.database).group.name,
      items.flatMap(changesOf),
    );
    return notice === null ? [] : [notice];
  }

  async ended(items: readonly Noted[], sure: boolean): Promise<void> {
    for (const noted of items) {
      const { group } = this.of(noted.database);
      const all = writtenBy(changesOf(noted));
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
    const made = new DatabaseCache(database, origin, group, this.#listenerOf(database, group));
    this.#databases.set(database, made);
    return made;
  }

  /** Gives what tells whether a database's caches may be used: while it listens to other processes, where it is to. */
  #listenerOf(database: Database, group: CacheGroup): () => boolean {
    if (!database.config.cacheSync) return () => true;
    const hear = (told: readonly Told[] | null): void | Promise<void> => {
      if (told === null) return group.invalidateAll();
      const graph = this.#present();
      return group.invalidate(writtenBy(told.flatMap((one) => graph.told(one))));
    };
    let sync: CacheSync | null = null;
    let loading = false;
    // asked for when a lookup first could use a cache
    const start = async (): Promise<void> => {
      this.#sync ??= await import("./sync.ts");
      if (database.closed) return;
      const started = sync = new this.#sync.CacheSync(database, group.name, hear);
      database.beforeClose(() => started.stop());
    };
    return () => {
      if (sync !== null) return sync.isOpen;
      // a module that could not be loaded is asked for again
      if (!loading) start().catch(() => {}).finally(() => void (loading = false));
      loading = true;
      return false;
    };
  }

  /** The tables of all models that are declared by now. */
  #present(): TableGraph {
    const graph = this.#graph;
    if (graph !== null && graph.complete && graph.declared === declaredCount()) return graph;
    return this.#graph = new TableGraph();
  }

  #affected(database: Database, touches: readonly Touch[]): Affected[] {
    const graph = this.#present();
    const isCached = (meta: ModelRef["meta"]): boolean => lifeOn(database, meta) > 0;
    return touches.flatMap((touch) => graph.affected(touch, isCached));
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
    const written = writtenBy(changesBy(affected, null));
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
  changes: readonly TableChange[] | null;
}

function changesOf({ affected, changes }: Noted): readonly TableChange[] {
  return changes ?? changesBy(affected, null);
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
