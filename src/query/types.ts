import type { VectorOperator } from "../ast/operators.ts";
import type { Sql } from "../ast/sql.ts";
import type { SparseVector } from "../codec/vector.ts";
import type { RunOptions } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import type { Field } from "../schema/field.ts";
import type {
  ColumnName,
  ForeignKeyName,
  RelationName,
  Row,
  TargetOf,
  Update,
  WithRelated,
} from "../schema/infer.ts";
import type { ShapeOf } from "../schema/keys.ts";
import type { Computed, Where } from "../schema/lookup_types.ts";
import type { CTE } from "./expr/cte.ts";
import type { ExprOrder } from "./expr/computed.ts";
import type { Expr, SameAs } from "./expr/expr.ts";

/**
 * One term of an order: a column, `-column` for descending, an expression, one with options, or a foreign
 * key with a term over the row that it references.
 */
export type OrderTerm<Shape> =
  | (ColumnName<Shape> & string)
  | `-${ColumnName<Shape> & string}`
  | Sql
  | ExprOrder
  | Expr<unknown>
  | {
    readonly field: ColumnName<Shape> & string;
    readonly descending?: boolean;
    readonly nulls?: "first" | "last";
  }
  | RelatedOrderTerm<Shape>;

/** A term of an order over a row that a foreign key references: `{ customerId: "-name" }`. */
export type RelatedOrderTerm<Shape> = [ForeignKeyName<Shape>] extends [never] ? never : {
  readonly [Name in ForeignKeyName<Shape>]?: OrderTerm<ShapeOf<TargetOf<Shape, Name>>>;
};

/** New values of columns: values, expressions or SQL fragments. */
export type UpdateValues<Shape> = {
  readonly [Name in keyof Update<Shape>]?: Update<Shape>[Name] | Computed;
};

/** Options of a delete. */
export interface DeleteOptions extends RunOptions {
  /** Deletes for good, also where the model has a soft delete. */
  readonly hard?: boolean;
}

/** A row of which only some columns were read: plain data, without `save()`. */
export type PartialRow<Shape, Name> = Pick<Row<Shape>, Name & keyof Row<Shape>>;

/** The properties that are vectors (or bit strings, for `hamming` and `jaccard`). */
export type VectorName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends
    { readonly $member: "column"; readonly $kind: "vector" | "other" } ? Name : never;
}[keyof Shape];

/** A shape with the distance of a nearest-neighbour search, which can be named like a column. */
export type WithDistance<Shape> = Shape & {
  readonly distance: Field<"other", number, number, "never">;
};

/** Options of a nearest-neighbour search. */
export interface NearestOptions {
  /** How distance is measured; default `cosine`. */
  readonly metric?: VectorOperator;
}

/** Options of a row lock. */
export interface LockOptions {
  /** Fails at once when a row is locked. */
  readonly nowait?: boolean;
  /** Leaves out rows that are locked. */
  readonly skipLocked?: boolean;
  /** The weaker form that leaves keys free: NO KEY UPDATE, or KEY SHARE. */
  readonly noKey?: boolean;
}

/** Options of a sample. */
export interface SampleOptions {
  /** `bernoulli` chooses rows, `system` whole pages, which is faster; default `bernoulli`. */
  readonly method?: "bernoulli" | "system";
  /** The same seed chooses the same rows as long as the table does not change. */
  readonly seed?: number;
}

/** Options of a plan. */
export interface ExplainOptions {
  /** Runs the query and tells what it took. */
  readonly analyze?: boolean;
  /** Default `text`. */
  readonly format?: "text" | "json" | "yaml" | "xml";
}

/** Options of a stream. */
export interface StreamOptions extends RunOptions {
  /** How many rows are in memory at a time; default 500. */
  readonly batchSize?: number;
}

/** The type of an expression's value over a shape. */
export type ValueOf<Shape, Value> = Value extends SameAs<infer Name, infer Extra>
  ? (Name extends keyof Row<Shape> ? Row<Shape>[Name] : unknown) | Extra
  : Value;

/** Expressions by the names that a query gives them. */
export type Expressions = Readonly<Record<string, Expr<unknown>>>;

/** What stands in the place of an expression over a column that a query does not know. Types only. */
export interface UnknownColumn<Name> {
  /** Type only: the name. */
  readonly $unknownColumn: Name;
}

/**
 * What the names of expressions have to be: columns, or names that the query or the call itself gave. It
 * is seen of what has the type of its column, as `F("total")` and `max("total")` do.
 */
export type KnownNames<Shape, Named> = {
  readonly [Key in keyof Named]: Named[Key] extends { readonly $value: infer Value }
    ? SameColumn<Value> extends keyof Shape | keyof Named ? unknown
    : UnknownColumn<SameColumn<Value>>
    : unknown;
};

/** The column whose type a value has; never where it has one of its own, or the name is known late. */
type SameColumn<Value> = Value extends { readonly $same: infer Name }
  ? string extends Name ? never : Name
  : never;

/** The values of named expressions. */
export type ValuesOf<Shape, Named> = {
  readonly [Name in keyof Named]: Named[Name] extends Expr<infer Value> ? ValueOf<Shape, Value>
    : never;
};

/** A shape with named expressions, which can be filtered and ordered by like columns. */
export type Annotated<Shape, Named> =
  & Omit<Shape, keyof Named>
  & {
    readonly [Name in keyof Named]: Named[Name] extends Expr<infer Value>
      ? Field<"other", ValueOf<Shape, Value>, ValueOf<Shape, Value>, "never">
      : never;
  };

/** Which relations to load with a query: by name, nested to any depth, or refined by a function. */
export type Prefetch<Shape> = {
  readonly [Name in RelationName<Shape>]?:
    | true
    | Prefetch<ShapeOf<TargetOf<Shape, Name>>>
    | ((
      query: Query<TargetOf<Shape, Name>, ShapeOf<TargetOf<Shape, Name>>>,
    ) => AsyncIterable<TargetOf<Shape, Name>>);
};

/** Foreign keys to join, nested. */
export type JoinSpec<Shape> = {
  readonly [Name in ForeignKeyName<Shape>]?: true | JoinSpec<ShapeOf<TargetOf<Shape, Name>>>;
};

/** Rows of an order, with the cursors that lead to those around them. */
export interface KeysetPage<Item> extends Iterable<Item> {
  /** The rows. */
  readonly items: readonly Item[];
  /** Whether there are rows behind it. Of a page that `before()` chose it is true: the cursor's own row. */
  readonly hasNext: boolean;
  /** Whether there are rows before it. Of a page that `after()` chose it is true: the cursor's own row. */
  readonly hasPrevious: boolean;
  /** For `before()`: the page before this one; null when it has no rows. */
  readonly startCursor: string | null;
  /** For `after()`: the page behind this one; null when it has no rows. */
  readonly endCursor: string | null;
  /**
   * The cursor of one of the rows, by its index.
   *
   * @throws {ValidationError} there is no such row
   */
  cursorAt(index: number): string;
}

/**
 * A query over one model: a value that can be kept, shared and refined.
 *
 * The methods that return a query never touch the database and never change the query they are called
 * on. The methods that return a promise run it.
 */
export interface Query<Result, Shape> extends AsyncIterable<Result> {
  /** Type only: a query can stand for the values that it gives. */
  readonly $query: true;
  /** Keeps the rows for which all conditions hold. Repeated calls add up. */
  filter(...where: readonly Where<Shape>[]): Query<Result, Shape>;
  /** Drops the rows for which all conditions hold; every other row stays, those with NULLs included. */
  exclude(...where: readonly Where<Shape>[]): Query<Result, Shape>;
  /** Gives deleted rows as well, of a model with soft delete. The rows of its relations stay as they are. */
  withDeleted(): Query<Result, Shape>;
  /** Gives deleted rows alone, of a model with soft delete. */
  onlyDeleted(): Query<Result, Shape>;
  /** Orders the rows; repeated calls append. */
  orderBy(...terms: readonly OrderTerm<Shape>[]): Query<Result, Shape>;
  /** Turns the order around; without one, the order by primary key. */
  reverse(): Query<Result, Shape>;
  /** Gives at most this many rows. */
  limit(count: number): Query<Result, Shape>;
  /** Leaves out this many rows first. */
  offset(count: number): Query<Result, Shape>;
  /**
   * Gives the rows that stand behind a cursor in the query's order; null = from the start. The primary
   * key is added to an order that does not tell every two rows apart. A limit takes the first of them.
   *
   * A cursor is checked when the query runs: one that no page gave is `invalid_cursor`, one of another
   * order or model `cursor_of_another_order`; a query that cannot have any is `no_keyset`. Counts,
   * aggregates, writes and sub-queries take no cursor.
   *
   * @throws {ValidationError} it is neither text nor null
   */
  after(cursor: string | null): Query<Result, Shape>;
  /** Gives the rows that stand before a cursor, as `after()` does; `page()` takes the last of them. */
  before(cursor: string | null): Query<Result, Shape>;
  /** Reads only these columns: the rows are plain data. */
  only<Name extends ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Name>, Shape>;
  /** Reads all columns but these: the rows are plain data. */
  defer<Name extends ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Exclude<ColumnName<Shape>, Name>>, Shape>;
  /** Reads these columns and named expressions, or all columns: the rows are plain data. */
  values<Name extends ColumnName<Shape> = ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Name>, Shape>;
  /** Reads this column or named expression: the rows are its values. */
  valuesList<Name extends ColumnName<Shape>>(
    name: Name,
    options: { readonly flat: true },
  ): Query<Row<Shape>[Name & keyof Row<Shape>], Shape>;
  /** Reads these columns and named expressions: the rows are lists of their values, in this order. */
  valuesList<const Names extends readonly ColumnName<Shape>[]>(
    ...names: Names
  ): Query<
    { -readonly [Index in keyof Names]: Row<Shape>[Names[Index] & keyof Row<Shape>] },
    Shape
  >;
  /** Adds the values of expressions to each row, by name; they can be filtered and ordered by. */
  annotate<const Named extends Expressions>(
    expressions: Named & KnownNames<Shape, Named>,
  ): Query<Result & ValuesOf<Shape, Named>, Annotated<Shape, Named>>;
  /** Makes one row of all that have equal values here; the rows are plain data. */
  groupBy<Name extends ColumnName<Shape>>(
    ...names: readonly Name[]
  ): Query<PartialRow<Shape, Name>, Shape>;
  /** Keeps the groups for which all conditions hold. */
  having(...where: readonly Where<Shape>[]): Query<Result, Shape>;
  /** Drops repeated rows, or all but the first row of each combination of values here. */
  distinct(...names: readonly (ColumnName<Shape> & string)[]): Query<Result, Shape>;
  /** Loads the rows of these foreign keys in the same statement, by joins. */
  selectRelated<Name extends ForeignKeyName<Shape>>(
    ...names: readonly Name[]
  ): Query<WithRelated<Shape, { readonly [Key in Name]: true }> & Result, Shape>;
  /** Loads the rows of foreign keys and of theirs in the same statement, by joins. */
  selectRelated<const Tree extends JoinSpec<Shape>>(
    tree: Tree,
  ): Query<WithRelated<Shape, Tree> & Result, Shape>;
  /**
   * Loads relations after the rows, one statement for each relation and level. A function refines the
   * relation's own query: `{ lineItems: (query) => query.orderBy("-qty").limit(3) }`; a limit holds for
   * each parent by itself.
   */
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
  ): Query<Result & { readonly distance: number }, WithDistance<Shape>>;
  /** Puts common table expressions before the statement. */
  withCte(...ctes: readonly CTE[]): Query<Result, Shape>;
  /** Reads from a common table expression of the query, which has the columns of the model's table. */
  from(cte: string): Query<Result, Shape>;
  /**
   * Reads the rows of a common table expression's own query, groups and named values too, which are
   * filtered and ordered like columns. It comes first: the query has no clauses yet.
   */
  from<Rows, Named>(cte: CTE<Query<Rows, Named>>): Query<Rows, Named>;
  /** The rows of this query or the other; `all` keeps repeated ones. What follows works on the whole. */
  union(other: Query<Result, Shape>, options?: { readonly all?: boolean }): Query<Result, Shape>;
  /** The rows of this query that the other gives too. */
  intersect(
    other: Query<Result, Shape>,
    options?: { readonly all?: boolean },
  ): Query<Result, Shape>;
  /** The rows of this query that the other does not give. */
  except(other: Query<Result, Shape>, options?: { readonly all?: boolean }): Query<Result, Shape>;
  /** Locks the rows against changes until the transaction ends. */
  forUpdate(options?: LockOptions): Query<Result, Shape>;
  /** Locks the rows against changes by others, but not against reading locks. */
  forShare(options?: LockOptions): Query<Result, Shape>;
  /** Reads a random sample of the table, about this many percent of it. */
  tablesample(percent: number, options?: SampleOptions): Query<Result, Shape>;
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
  /** Computes aggregates over the rows; gives one plain object. */
  aggregate<const Named extends Expressions>(
    expressions: Named & KnownNames<Shape, Named>,
    options?: RunOptions,
  ): Promise<ValuesOf<Shape, Named>>;
  /**
   * Writes values, or expressions, to the rows that the query gives, and gives the rows. A query that is
   * more than a filter chooses them by their keys: `limit(10).forUpdate({ skipLocked: true })` is a queue.
   *
   * @throws {QueryError} the query groups rows or, for `returning`, gives more or less than whole rows
   */
  update(
    values: UpdateValues<Shape>,
    options: RunOptions & { readonly returning: true },
  ): Promise<Result[]>;
  /** Writes values, or expressions, to the rows that the query gives, and gives their number. */
  update(
    values: UpdateValues<Shape>,
    options?: RunOptions & { readonly returning?: false },
  ): Promise<number>;
  /**
   * Deletes the rows that the query gives, or marks them as deleted where the model has a soft delete,
   * unless `hard` is true. Gives the rows.
   */
  delete(options: DeleteOptions & { readonly returning: true }): Promise<Result[]>;
  /** Deletes the rows that the query gives, and gives their number. */
  delete(options?: DeleteOptions & { readonly returning?: false }): Promise<number>;
  /** Gives the server's plan of the query; `analyze` runs it. */
  explain(options?: ExplainOptions & RunOptions): Promise<string>;
  /**
   * Loads a page by key, of as many rows as the limit says: the one behind `after()`, the one before
   * `before()`, else the first. However far in, it takes no longer, and rows that come and go meanwhile
   * are neither skipped nor given twice.
   *
   * @throws {ValidationError} there is no limit, or an offset, or the cursor is wrong
   * @throws {QueryError} the rows are groups or distinct ones, or have no key
   */
  page(options?: RunOptions): Promise<KeysetPage<Result>>;
  /** Loads page after page, each when it is asked for; with `before()` alone, backwards. */
  pages(options?: RunOptions): AsyncIterableIterator<KeysetPage<Result>>;
  /**
   * Reads the rows through a cursor of the server, some at a time, in constant memory. `for await`
   * over the query does the same.
   */
  stream(options?: StreamOptions): AsyncIterableIterator<Result>;
  /** Shows the statement without running it: its text and how many values it binds. */
  toSql(): { readonly text: string; readonly params: number };
}
