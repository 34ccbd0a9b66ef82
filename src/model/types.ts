/** What users see of a model class. Types only. */
import type { RunOptions } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import type { Sql } from "../ast/sql.ts";
import type { SparseVector } from "../codec/vector.ts";
import type {
  DeleteOptions,
  NearestOptions,
  Query,
  UpdateValues,
  VectorName,
  WithDistance,
} from "../query/types.ts";
import type {
  ColumnName,
  Columns,
  GeneratedName,
  Insert,
  Update,
  WritableName,
} from "../schema/infer.ts";
import type { HasShape, KeyOfShape } from "../schema/keys.ts";
import type { Where } from "../schema/lookup_types.ts";
import type { ModelMeta } from "../schema/meta.ts";
import type { ReadOptions } from "./cache/contract.ts";
import type { RawOptions } from "./raw.ts";
import type { ModelInstance, ReadOnlyInstance } from "./instance_types.ts";

/** A class whose instances are of this type. */
export interface InstanceSource<Instance> {
  /** What the instances inherit. */
  readonly prototype: Instance;
}

/** What the class of any model can do: read. */
export interface ReadOnlyStatics<Shape> {
  /** The declaration as data. */
  readonly meta: ModelMeta;
  /** The same model on another registered database, or inside a transaction. */
  using<Model>(this: Model, target: Using): Omit<Model, "prototype"> & Pick<Model, keyof Model>;
  /** Starts a query: the rows for which all conditions hold; every row when there is none. */
  filter<Instance>(
    this: InstanceSource<Instance>,
    ...where: readonly Where<Shape>[]
  ): Query<Instance, Shape>;
  /** Starts a query over the rows for which the conditions do not all hold. */
  exclude<Instance>(
    this: InstanceSource<Instance>,
    ...where: readonly Where<Shape>[]
  ): Query<Instance, Shape>;
  /**
   * Loads the only row that matches.
   *
   * @throws {DoesNotExistError} there is none
   * @throws {MultipleObjectsReturnedError} there are several
   */
  get<Instance>(
    this: InstanceSource<Instance>,
    where: Where<Shape>,
    options?: ReadOptions,
  ): Promise<Instance>;
  /** Loads the row with this primary key, of one column; throws `DoesNotExistError`, as `get()` does. */
  getById<Instance>(
    this: InstanceSource<Instance>,
    key: KeyOfShape<Shape>,
    options?: ReadOptions,
  ): Promise<Instance>;
  /**
   * Loads the only row that matches, or null when there is none.
   *
   * @throws {MultipleObjectsReturnedError} there are several
   */
  getOrNull<Instance>(
    this: InstanceSource<Instance>,
    where: Where<Shape>,
    options?: ReadOptions,
  ): Promise<Instance | null>;
  /** Loads every row. */
  all<Instance>(this: InstanceSource<Instance>, options?: RunOptions): Promise<Instance[]>;
  /** Loads the first row by primary key that matches; null when there is none. */
  first<Instance>(
    this: InstanceSource<Instance>,
    where?: Where<Shape>,
    options?: RunOptions,
  ): Promise<Instance | null>;
  /** Loads the last row by primary key that matches; null when there is none. */
  last<Instance>(
    this: InstanceSource<Instance>,
    where?: Where<Shape>,
    options?: RunOptions,
  ): Promise<Instance | null>;
  /** Starts a search for the rows whose vector is nearest to a vector. */
  nearest<Instance>(
    this: InstanceSource<Instance>,
    column: VectorName<Shape>,
    vector: readonly number[] | SparseVector | string,
    options?: NearestOptions,
  ): Query<Instance & { readonly distance: number }, WithDistance<Shape>>;
  /**
   * Runs a statement that gives whole rows of this model, matched by the names of the columns.
   * Columns beyond those of the model are ignored.
   *
   * @throws {QueryError} a column of the model is not in the result
   */
  raw<Instance>(
    this: InstanceSource<Instance>,
    statement: Sql,
    options?: RawOptions,
  ): Promise<Instance[]>;
  /**
   * Runs any statement; gives its rows as plain objects by column name, values decoded by their
   * types. The type argument is the caller's word for what comes.
   */
  rawSql<Result = Record<string, unknown>>(
    statement: Sql,
    options?: RawOptions,
  ): Promise<Result[]>;
  /** Loads the rows with these keys, by key; keys without a row are left out. */
  inBulk<Instance, Key = KeyOfShape<Shape>>(
    this: InstanceSource<Instance>,
    keys: readonly Key[],
    options?: RunOptions,
  ): Promise<Map<Key, Instance>>;
  /** Counts the rows that match. */
  count(where?: Where<Shape>, options?: RunOptions): Promise<number>;
  /** Tells whether a row matches. */
  exists(where?: Where<Shape>, options?: RunOptions): Promise<boolean>;
}

/** What the class of a table's model can do: read and write. */
export interface ModelStatics<Shape> extends ReadOnlyStatics<Shape> {
  /**
   * Inserts a row and gives it back as the server made it. A value that is undefined is left out, null
   * is written.
   */
  create<Instance>(
    this: InstanceSource<Instance>,
    values: Insert<Shape>,
    options?: RunOptions,
  ): Promise<Instance>;
  /** Inserts many rows, all or none; rows may give different columns. Gives them in their order. */
  bulkCreate<Instance>(
    this: InstanceSource<Instance>,
    rows: readonly Insert<Shape>[],
    options?: BulkCreateOptions,
  ): Promise<Instance[]>;
  /**
   * Writes these columns of many rows, all or none. Gives how many were still there.
   *
   * @throws {OptimisticLockError} the model has a version and a row was changed since it was read
   */
  bulkUpdate<Instance>(
    this: InstanceSource<Instance>,
    rows: readonly Instance[],
    fields: readonly WritableName<Shape>[],
    options?: RunOptions & { readonly batchSize?: number },
  ): Promise<number>;
  /**
   * Deletes many rows, all or none, or marks them as deleted where the model has a soft delete. Gives
   * how many were still there.
   */
  bulkDelete<Instance>(
    this: InstanceSource<Instance>,
    rows: readonly Instance[],
    options?: DeleteOptions,
  ): Promise<number>;
  /** Inserts a row, or updates the one that a unique constraint says is there. */
  upsert<Instance>(
    this: InstanceSource<Instance>,
    values: Insert<Shape>,
    options: UpsertOptions<Shape>,
  ): Promise<Instance>;
  /** Inserts or updates many rows, all or none. Gives them in their order. */
  bulkUpsert<Instance>(
    this: InstanceSource<Instance>,
    rows: readonly Insert<Shape>[],
    options: BulkUpsertOptions<Shape>,
  ): Promise<Instance[]>;
  /** Writes values, or expressions such as `F("total").times(2)`, to every row that matches. Gives the rows. */
  updateWhere<Instance>(
    this: InstanceSource<Instance>,
    where: Where<Shape>,
    values: UpdateValues<Shape>,
    options: RunOptions & { readonly returning: true },
  ): Promise<Instance[]>;
  /** Writes values, or expressions such as `F("total").times(2)`, to every row that matches. Gives their number. */
  updateWhere(
    where: Where<Shape>,
    values: UpdateValues<Shape>,
    options?: RunOptions & { readonly returning?: false },
  ): Promise<number>;
  /** Starts a query over all rows of a model with soft delete, deleted ones included. */
  withDeleted<Instance>(this: InstanceSource<Instance>): Query<Instance, Shape>;
  /** Starts a query over the deleted rows of a model with soft delete. */
  onlyDeleted<Instance>(this: InstanceSource<Instance>): Query<Instance, Shape>;
  /** Deletes every row that matches, as `delete()` does. Gives the rows. */
  deleteWhere<Instance>(
    this: InstanceSource<Instance>,
    where: Where<Shape>,
    options: DeleteOptions & { readonly returning: true },
  ): Promise<Instance[]>;
  /** Deletes every row that matches, as `delete()` does. Gives their number. */
  deleteWhere(
    where: Where<Shape>,
    options?: DeleteOptions & { readonly returning?: false },
  ): Promise<number>;
  /** Adds to columns of every row that matches, in the database. Gives their number. */
  increment(
    where: Where<Shape>,
    amounts: Update<Shape>,
    options?: RunOptions,
  ): Promise<number>;
  /** Subtracts from columns of every row that matches, in the database. Gives their number. */
  decrement(
    where: Where<Shape>,
    amounts: Update<Shape>,
    options?: RunOptions,
  ): Promise<number>;
  /**
   * Loads the row with these values, or inserts it with them and the defaults. Callers at once get one
   * row, provided that a unique constraint covers the values.
   */
  getOrCreate<Instance>(
    this: InstanceSource<Instance>,
    values: Update<Shape>,
    defaults?: Update<Shape>,
    options?: RunOptions,
  ): Promise<Created<Instance>>;
  /** Writes changes to the row with these values, or inserts it with both, in one transaction. */
  updateOrCreate<Instance>(
    this: InstanceSource<Instance>,
    values: Update<Shape>,
    changes: Update<Shape>,
    options?: RunOptions,
  ): Promise<Created<Instance>>;
}

/** Options of `bulkCreate`. */
export interface BulkCreateOptions extends RunOptions {
  /** Leaves out rows that break a unique constraint; they are not given back. */
  readonly ignoreConflicts?: boolean;
  /** How many rows go out in one statement; default 5,000. */
  readonly batchSize?: number;
}

/** Options of `upsert`. */
export interface UpsertOptions<Shape> extends RunOptions {
  /** The columns of the unique constraint that decides. */
  readonly conflict: readonly ColumnName<Shape>[];
  /**
   * The columns that a row that is there gets, or values for them: plain ones, or expressions over the
   * row that is there (`F("total")`) and the one proposed (`excluded("total")`). Default: all columns that
   * are given, but for `conflict`.
   */
  readonly update?: readonly WritableName<Shape>[] | UpdateValues<Shape>;
}

/** Options of `bulkUpsert`. */
export interface BulkUpsertOptions<Shape> extends UpsertOptions<Shape> {
  /** How many rows go out in one statement; default 5,000. */
  readonly batchSize?: number;
}

/** A row, and whether the call made it. */
export interface Created<Instance> {
  /** The row. */
  readonly row: Instance;
  /** Whether it was not there before. */
  readonly created: boolean;
}

/**
 * The class that `model()` gives: extend it.
 *
 * `Writable` and `Generated` follow from the shape. They are parameters so that they are found once for
 * a model: a type checker makes the types of its rows several times.
 */
export interface ModelClass<
  Shape,
  Writable extends keyof Shape = WritableName<Shape>,
  Generated extends keyof Shape = GeneratedName<Shape>,
> extends ModelStatics<Shape> {
  /** Makes a row that is not saved yet; columns with defaults of the client's have them. */
  new (values?: Partial<Insert<Shape>>): Columns<Shape, Writable, Generated> & ModelInstance<Shape>;
  /** What the rows inherit: a class that extends this one says it in full, and checks it against this. */
  readonly prototype: HasShape<Shape>;
}

/** The class that `viewModel()` gives: extend it. */
export interface ViewModelClass<
  Shape,
  Writable extends keyof Shape = WritableName<Shape>,
  Generated extends keyof Shape = GeneratedName<Shape>,
> extends ReadOnlyStatics<Shape> {
  /** Rows come from queries alone. */
  new (): Columns<Shape, Writable, Generated> & ReadOnlyInstance<Shape>;
  /** What the rows inherit: a class that extends this one says it in full, and checks it against this. */
  readonly prototype: HasShape<Shape>;
}

/** The class that `materializedViewModel()` gives: extend it. */
export interface MaterializedViewModelClass<
  Shape,
  Writable extends keyof Shape = WritableName<Shape>,
  Generated extends keyof Shape = GeneratedName<Shape>,
> extends ViewModelClass<Shape, Writable, Generated> {
  /** Fills the view anew; `concurrently` lets readers go on and needs a unique index. */
  refresh(options?: RunOptions & { readonly concurrently?: boolean }): Promise<void>;
}
