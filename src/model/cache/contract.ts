/** What the model layer knows of caches before any is in use. Types only. */
import type { StoreReport } from "../../cache/store.ts";
import type { CacheCounts } from "../../cache/table.ts";
import type { Param, Rows, RunOptions, Statement } from "../../driver/port.ts";
import type { Caller } from "../../execute/origin.ts";
import type { Session, Using } from "../../execute/session.ts";
import type { ModelRef } from "../../schema/meta.ts";
import type { RelationMeta } from "../../schema/relation_meta.ts";

/** Options of a lookup that a cache may answer. */
export interface ReadOptions extends RunOptions {
  /** False reads past the cache, and keeps nothing in it; default true. */
  readonly useCache?: boolean | undefined;
}

/** A primary key as texts, in the order of its columns. */
export type KeyTexts = readonly Param[];

/** What a statement writes. */
export interface Touch {
  readonly schema: string | null;
  readonly table: string;
  /** An insert of new rows changes none that another process may have in its cache. */
  readonly kind: "insert" | "update" | "delete" | "any";
  /** The primary keys of the rows; null for any rows; a function finds them among what came back. */
  readonly keys: readonly KeyTexts[] | null | ((rows: Rows) => readonly KeyTexts[] | null);
  /** The columns that are written; null for any. */
  readonly columns: readonly string[] | null;
}

/** A lookup by equality. */
export interface Lookup {
  readonly model: ModelRef;
  readonly where: unknown;
  readonly using: Using | null;
  readonly options: RunOptions | undefined;
}

/** A row that a foreign key references. */
export interface Reference {
  readonly relation: RelationMeta;
  readonly key: readonly string[];
  readonly using: Using | null;
  readonly caller: Caller;
  readonly options: RunOptions | undefined;
}

/** What is known of the cached rows of a model on a database. */
export interface CacheStatistics extends CacheCounts, StoreReport {
  /** The table, as messages name it. */
  readonly table: string;
  /** The database's name in the registry. */
  readonly database: string;
  /** Whether lookups may use it at this moment: not while it may be wrong, as when `cacheSync` hears nothing. */
  readonly open: boolean;
}

/** The caches of all databases: loaded when a program that asks for one first reads or writes. */
export interface CacheEngine {
  /** Answers a lookup; undefined when it is none that a cache could answer. */
  find(lookup: Lookup): object | null | Promise<object | null> | undefined;
  /** Answers a foreign key; undefined when no cache could. */
  follow(reference: Reference): object | null | Promise<object | null> | undefined;
  /** Runs a statement that writes, and makes void what is cached of it. */
  write(
    session: Session,
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller,
    touches: readonly Touch[],
  ): Promise<Rows>;
  /** The cached row of a primary key; null when it is not cached. */
  peek(model: ModelRef, key: KeyTexts, database: string | null): Promise<object | null>;
  /** Forgets rows of a model by their keys, or all when null. */
  forget(model: ModelRef, keys: readonly KeyTexts[] | null, database: string | null): Promise<void>;
  /** Forgets all that is cached. */
  forgetAll(): Promise<void>;
  /** What was counted, for each model and database that was asked for rows. */
  statistics(): Promise<CacheStatistics[]>;
}
