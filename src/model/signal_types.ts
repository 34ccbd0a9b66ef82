/** What listeners of writes are told. Types only. */
import type { Transaction } from "../execute/session.ts";
import type { Query } from "../query/types.ts";
import type { Update } from "../schema/infer.ts";
import type { HasShape } from "../schema/keys.ts";
import type { Computed } from "../schema/lookup_types.ts";
import type { ModelRef } from "../schema/meta.ts";
import type { InstanceSource } from "./types.ts";

/** The values that a write gives, by property: plain ones or expressions. */
export type SignalValues<Row> = Row extends HasShape<infer Shape>
  ? { -readonly [Name in keyof Update<Shape>]?: Update<Shape>[Name] | Computed }
  : Record<string, unknown>;

/** The shape of a listener's rows; that of any row when it listens to every model. */
type ShapeFor<Row> = Row extends HasShape<infer Shape> ? Shape : Record<string, never>;

/** What every event says. */
export interface WriteEvent {
  /** The signal. */
  readonly signal: SignalName;
  /** The model that is written. */
  readonly model: ModelRef;
  /** The call: `create`, `save`, `updateWhere` ... */
  readonly operation: string;
  /**
   * The transaction that the write is in; null when it commits by itself. Where the runtime carries
   * transactions along, queries of a handler join it without being told.
   */
  readonly transaction: Transaction | null;
}

/** One row is about to be inserted or updated. */
export interface BeforeSaveEvent<Row> extends WriteEvent {
  /** The row. Of `create()` it is the one that the call will give. */
  readonly row: Row;
  /** What will be written. A handler may set, replace and delete entries. */
  readonly values: SignalValues<Row>;
  /** Whether it is inserted. */
  readonly created: boolean;
}

/** One row was inserted or updated. */
export interface AfterSaveEvent<Row> extends WriteEvent {
  /** The row as the server has it now. */
  readonly row: Row;
  /** What was written. */
  readonly values: Readonly<SignalValues<Row>>;
  /** Whether it was inserted. */
  readonly created: boolean;
}

/** One row is, or was, deleted. */
export interface DeleteEvent<Row> extends WriteEvent {
  /** The row. */
  readonly row: Row;
  /** Whether it goes for good; false where the model only marks it. */
  readonly hard: boolean;
}

/** Rows are about to be inserted in one go. */
export interface BeforeBulkCreateEvent<Row> extends WriteEvent {
  /** The values of each row. A handler may change them, add rows and take rows out. */
  readonly rows: SignalValues<Row>[];
}

/** Rows are about to be inserted, or updated where they are there. */
export interface BeforeUpsertEvent<Row> extends BeforeBulkCreateEvent<Row> {
  /** The columns of the unique constraint that decides. */
  readonly conflict: readonly string[];
}

/** Rows were inserted in one go. */
export interface AfterBulkCreateEvent<Row> extends WriteEvent {
  /** The rows as the server has them now. */
  readonly rows: readonly Row[];
}

/** Rows were inserted, or updated where they were there. */
export interface AfterUpsertEvent<Row> extends AfterBulkCreateEvent<Row> {
  /** The columns of the unique constraint that decided. */
  readonly conflict: readonly string[];
}

/** Columns of rows are about to be written in one go. */
export interface BeforeBulkUpdateEvent<Row> extends WriteEvent {
  /** The rows with their new values. A handler may set others. */
  readonly rows: readonly Row[];
  /** The columns that are written. A handler may add and take out some. */
  readonly fields: string[];
}

/** Columns of rows were written in one go. */
export interface AfterBulkUpdateEvent<Row> extends WriteEvent {
  /** The rows. */
  readonly rows: readonly Row[];
  /** The columns that were written. */
  readonly fields: readonly string[];
  /** How many of the rows were still there. */
  readonly count: number;
}

/** Rows are about to be deleted in one go. */
export interface BeforeBulkDeleteEvent<Row> extends WriteEvent {
  /** The rows. */
  readonly rows: readonly Row[];
  /** Whether they go for good; false where the model only marks them. */
  readonly hard: boolean;
}

/** Rows were deleted in one go. */
export interface AfterBulkDeleteEvent<Row> extends BeforeBulkDeleteEvent<Row> {
  /** How many of the rows were still there. */
  readonly count: number;
}

/** The rows of a query are about to be deleted. */
export interface BeforeDeleteWhereEvent<Row> extends WriteEvent {
  /** The query that chooses them; it can be read, counted and refined. */
  readonly query: Query<Row, ShapeFor<Row>>;
  /** Whether they go for good; false where the model only marks them. */
  readonly hard: boolean;
}

/** The rows of a query are about to be written. */
export interface BeforeUpdateWhereEvent<Row> extends WriteEvent {
  /** The query that chooses them; it can be read, counted and refined. */
  readonly query: Query<Row, ShapeFor<Row>>;
  /** What will be written. A handler may set, replace and delete entries. */
  readonly values: SignalValues<Row>;
}

/** What came of a write of a query's rows. */
interface Outcome<Row> {
  /** How many rows there were. */
  readonly count: number;
  /** The rows where the call asked for them with `returning`, else null. */
  readonly rows: readonly Row[] | null;
}

/** The rows of a query were deleted. */
export interface AfterDeleteWhereEvent<Row> extends BeforeDeleteWhereEvent<Row>, Outcome<Row> {}

/** The rows of a query were written. */
export interface AfterUpdateWhereEvent<Row> extends WriteEvent, Outcome<Row> {
  /** The query that chose them. Run now, it may choose others. */
  readonly query: Query<Row, ShapeFor<Row>>;
  /** What was written. */
  readonly values: Readonly<SignalValues<Row>>;
}

/** The ties of a row by a many-to-many relation are about to change. */
export interface BeforeM2mChangeEvent<Row> extends WriteEvent {
  /** The row. */
  readonly row: Row;
  /** The relation. */
  readonly relation: string;
  /** What is done: `set` leaves exactly these, `clear` none. */
  readonly action: "add" | "remove" | "set" | "clear";
  /** The rows, or their keys, as the call gave them; empty for `clear`. */
  readonly targets: readonly unknown[];
}

/** The ties of a row by a many-to-many relation were changed. */
export interface AfterM2mChangeEvent<Row> extends BeforeM2mChangeEvent<Row> {
  /** How many ties were made or taken away. */
  readonly count: number;
}

/** Every signal and what its handlers are told. */
export interface SignalEvents<Row> {
  /** Before one row is inserted. */
  readonly preCreate: BeforeSaveEvent<Row>;
  /** After one row was inserted. */
  readonly postCreate: AfterSaveEvent<Row>;
  /** Before one row is updated. */
  readonly preUpdate: BeforeSaveEvent<Row>;
  /** After one row was updated. */
  readonly postUpdate: AfterSaveEvent<Row>;
  /** Before one row is inserted or updated, ahead of the two above. */
  readonly preSave: BeforeSaveEvent<Row>;
  /** After one row was inserted or updated, behind the two above. */
  readonly postSave: AfterSaveEvent<Row>;
  /** Before one row is deleted. */
  readonly preDelete: DeleteEvent<Row>;
  /** After one row was deleted. */
  readonly postDelete: DeleteEvent<Row>;
  /** Before `bulkCreate()`. */
  readonly preBulkCreate: BeforeBulkCreateEvent<Row>;
  /** After `bulkCreate()`. */
  readonly postBulkCreate: AfterBulkCreateEvent<Row>;
  /** Before `upsert()` and `bulkUpsert()`. */
  readonly preUpsert: BeforeUpsertEvent<Row>;
  /** After `upsert()` and `bulkUpsert()`. */
  readonly postUpsert: AfterUpsertEvent<Row>;
  /** Before `bulkUpdate()`. */
  readonly preBulkUpdate: BeforeBulkUpdateEvent<Row>;
  /** After `bulkUpdate()`. */
  readonly postBulkUpdate: AfterBulkUpdateEvent<Row>;
  /** Before `bulkDelete()`. */
  readonly preBulkDelete: BeforeBulkDeleteEvent<Row>;
  /** After `bulkDelete()`. */
  readonly postBulkDelete: AfterBulkDeleteEvent<Row>;
  /** Before `updateWhere()`, `increment()`, `decrement()` and the `update()` of a query. */
  readonly preUpdateWhere: BeforeUpdateWhereEvent<Row>;
  /** After `updateWhere()`, `increment()`, `decrement()` and the `update()` of a query. */
  readonly postUpdateWhere: AfterUpdateWhereEvent<Row>;
  /** Before `deleteWhere()` and the `delete()` of a query. */
  readonly preDeleteWhere: BeforeDeleteWhereEvent<Row>;
  /** After `deleteWhere()` and the `delete()` of a query. */
  readonly postDeleteWhere: AfterDeleteWhereEvent<Row>;
  /** Before `addM2m()`, `removeM2m()`, `setM2m()` and `clearM2m()`. */
  readonly preM2mChange: BeforeM2mChangeEvent<Row>;
  /** After `addM2m()`, `removeM2m()`, `setM2m()` and `clearM2m()`. */
  readonly postM2mChange: AfterM2mChangeEvent<Row>;
}

/** The name of a signal. */
export type SignalName = keyof SignalEvents<unknown>;

/** What is called; a promise that it gives is waited for. */
export type SignalHandler<Name extends SignalName, Row> = (
  event: SignalEvents<Row>[Name],
) => unknown;

/** Options of a listener. */
export interface ListenOptions {
  /** Ends it when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Options of a listener after writes. */
export interface ListenAfterOptions extends ListenOptions {
  /**
   * Calls it once the outermost transaction is committed, and never when that, or the nested one around
   * the write, is rolled back. A write without a transaction is committed at once. Default false: right
   * after the statement, in the transaction.
   */
  readonly afterCommit?: boolean;
}

/** Options of a listener of one signal. */
export type ListenOptionsOf<Name extends SignalName> = Name extends `post${string}`
  ? ListenAfterOptions
  : ListenOptions;

/** One signal: what is told when. */
export interface Signal<Name extends SignalName> {
  /**
   * Calls a handler at each such write of a model and of the classes that extend it. Gives a function
   * that ends it. A handler that listens already keeps its place and its options.
   *
   * @throws {ValidationError} the model is that of a view, or an option or argument is wrong
   */
  on<Row extends object>(
    model: InstanceSource<Row>,
    handler: SignalHandler<Name, Row>,
    options?: ListenOptionsOf<Name>,
  ): () => void;
  /** Calls a handler at each such write of any model. */
  on(handler: SignalHandler<Name, object>, options?: ListenOptionsOf<Name>): () => void;
}
