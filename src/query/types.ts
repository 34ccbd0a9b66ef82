import type { RunOptions } from "../driver/port.ts";
import type { VectorOperator } from "../ast/nodes.ts";
import type { Sql } from "../ast/sql.ts";
import type { SparseVector } from "../codec/vector.ts";
import type { Using } from "../execute/session.ts";
import type { ColumnName, ForeignKeyName, Prefetch, Row, WithRelated } from "../schema/infer.ts";
import type { Where } from "../schema/lookup_types.ts";

/** One term of an order: a column, `-column` for descending, a fragment, or one with options. */
export type OrderTerm<Shape> =
  | (ColumnName<Shape> & string)
  | `-${ColumnName<Shape> & string}`
  | Sql
  | {
    readonly field: ColumnName<Shape> & string;
    readonly descending?: boolean;
    readonly nulls?: "first" | "last";
  };

/** A row of which only some columns were read: plain data, without `save()`. */
export type PartialRow<Shape, Name> = Pick<Row<Shape>, Name & keyof Row<Shape>>;

/** The properties that are vectors (or bit strings, for `hamming` and `jaccard`). */
export type VectorName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends
    { readonly $member: "column"; readonly $kind: "vector" | "other" } ? Name : never;
}[keyof Shape];

/** Options of a nearest-neighbour search. */
export interface NearestOptions {
  /** How distance is measured; default `cosine`. */
  readonly metric?: VectorOperator;
}

/**
 * A query over one model: a value that can be kept, shared and refined.
 *
 * The methods that return a query never touch the database and never change the query they are called
 * on. The methods that return a promise run it.
 */
export interface Query<Result, Shape> {
  /** Keeps the rows for which all conditions hold. Repeated calls add up. */
  filter(...where: readonly Where<Shape>[]): Query<Result, Shape>;
  /** Drops the rows for which all conditions hold; every other row stays, those with NULLs included. */
  exclude(...where: readonly Where<Shape>[]): Query<Result, Shape>;
  /** Orders the rows; repeated calls append. */
  orderBy(...terms: readonly OrderTerm<Shape>[]): Query<Result, Shape>;
  /** Turns the order around; without one, the order by primary key. */
  reverse(): Query<Result, Shape>;
  /** Gives at most this many rows. */
  limit(count: number): Query<Result, Shape>;
  /** Leaves out this many rows first. */
  offset(count: number): Query<Result, Shape>;
  /** Reads only these columns: the rows are plain data. */
  only<Name extends ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Name>, Shape>;
  /** Reads all columns but these: the rows are plain data. */
  defer<Name extends ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Exclude<ColumnName<Shape>, Name>>, Shape>;
  /** Loads the rows of these foreign keys in the same statement, by joins. */
  selectRelated<Name extends ForeignKeyName<Shape>>(
    ...names: readonly Name[]
  ): Query<WithRelated<Shape, { readonly [Key in Name]: true }> & Result, Shape>;
  /** Loads relations after the rows, one statement for each relation and level. */
  prefetchRelated<const Tree extends Prefetch<Shape>>(
    tree: Tree,
  ): Query<WithRelated<Shape, Tree> & Result, Shape>;
  /**
   * Orders the rows by the distance of a vector column to a vector, nearest first, and adds the
   * distance to each row. Rows without a vector are left out.
   *
   * With `inner` the distance is the negative inner product, as pgvector gives it.
   *
   * @throws {ValidationError} the vector has another dimension than the column
   */
  nearest(
    column: VectorName<Shape>,
    vector: readonly number[] | SparseVector | string,
    options?: NearestOptions,
  ): Query<Result & { readonly distance: number }, Shape>;
  /** Runs on another registered database, or inside a transaction. */
  using(target: Using): Query<Result, Shape>;

  /** Loads all rows. */
  all(options?: RunOptions): Promise<Result[]>;
  /** Loads the first row by the query's order, else by primary key; null when there is none. */
  first(options?: RunOptions): Promise<Result | null>;
  /** Loads the last row by the query's order, else by primary key; null when there is none. */
  last(options?: RunOptions): Promise<Result | null>;
  /**
   * Loads the only row.
   *
   * @throws {DoesNotExistError} there is none
   * @throws {MultipleObjectsReturnedError} there are several
   */
  get(options?: RunOptions): Promise<Result>;
  /**
   * Loads the only row, or null when there is none.
   *
   * @throws {MultipleObjectsReturnedError} there are several
   */
  getOrNull(options?: RunOptions): Promise<Result | null>;
  /** Counts the rows, limit and offset included. */
  count(options?: RunOptions): Promise<number>;
  /** Tells whether there is a row. */
  exists(options?: RunOptions): Promise<boolean>;
  /** Shows the statement without running it: its text and how many values it binds. */
  toSql(): { readonly text: string; readonly params: number };
}
