/** What users see of a row. Types only. */
import type { RunOptions } from "../driver/port.ts";
import type { DeleteOptions, UpdateValues } from "../query/types.ts";
import type {
  AllRelated,
  ForeignKeyName,
  InverseName,
  ManyToManyName,
  RelatedValue,
  RelationName,
  Row,
  TargetOf,
} from "../schema/infer.ts";
import type { HasShape } from "../schema/keys.ts";
import type { ReadOptions } from "./cache/contract.ts";

/** A row to tie by a many-to-many relation: the row itself, or its key. */
export type TieInput<Target> =
  | Target
  | string
  | number
  | bigint
  | Readonly<Record<string, unknown>>;

/** What every row can do: follow its relations, and turn into plain data. */
export interface ReadOnlyInstance<Shape> extends HasShape<Shape> {
  /**
   * Fetches the row that a foreign key references; null when the key is NULL.
   *
   * @throws {DoesNotExistError} the key is set but the row is not there
   */
  fetchFk<Name extends ForeignKeyName<Shape>>(
    name: Name,
    options?: ReadOptions,
  ): Promise<RelatedValue<Shape, Name>>;
  /** Fetches the rows that reference this one. */
  fetchIfk<Name extends InverseName<Shape>>(
    name: Name,
    options?: ReadOptions,
  ): Promise<RelatedValue<Shape, Name>>;
  /** Fetches the rows that are tied to this one by a junction table. */
  fetchM2m<Name extends ManyToManyName<Shape>>(
    name: Name,
    options?: ReadOptions,
  ): Promise<RelatedValue<Shape, Name>>;
  /** Fetches any relation by name. */
  fetchRelated<Name extends RelationName<Shape>>(
    name: Name,
    options?: ReadOptions,
  ): Promise<RelatedValue<Shape, Name>>;
  /** Fetches the rows of every foreign key, all at once. */
  fetchFks(options?: ReadOptions): Promise<AllRelated<Shape>["foreignKeys"]>;
  /** Fetches the rows of every inverse foreign key, all at once. */
  fetchIfks(options?: ReadOptions): Promise<AllRelated<Shape>["inverseForeignKeys"]>;
  /** Fetches the rows of every many-to-many relation, all at once. */
  fetchM2ms(options?: ReadOptions): Promise<AllRelated<Shape>["manyToMany"]>;
  /** Fetches every relation, all at once. */
  fetchAllRelated(options?: ReadOptions): Promise<AllRelated<Shape>>;
  /** Gives a relation that is loaded; undefined when it is not. */
  getRelated<Name extends RelationName<Shape>>(name: Name): RelatedValue<Shape, Name> | undefined;
  /** Tells whether a relation is loaded. */
  hasRelated(name: RelationName<Shape>): boolean;
  /** Sets a relation as loaded, without touching the database. */
  setRelated<Name extends RelationName<Shape>>(name: Name, value: RelatedValue<Shape, Name>): void;
  /** Gives the columns as a plain object, values as they are. */
  toDict(): Row<Shape>;
  /** Gives the columns as JSON can say them: bigint as text, Date in ISO 8601, bytes in base64. */
  toJSON(): Record<string, unknown>;
}

/** What a row of a table can do beyond reading. */
export interface ModelInstance<Shape> extends ReadOnlyInstance<Shape> {
  /**
   * Inserts a new row, or writes the changed columns of one that was loaded.
   *
   * @throws {OptimisticLockError} the model has a version and the row was changed since it was read
   * @throws {DoesNotExistError} the row is gone
   */
  save(options?: RunOptions): Promise<void>;
  /**
   * Writes these columns, as values or expressions such as `F("total").plus(1)`, and reads the row back;
   * on failure the row keeps its old values. Null is written; undefined is refused.
   */
  update(values: UpdateValues<Shape>, options?: RunOptions): Promise<this>;
  /**
   * Deletes the row; gives false when it was already gone. A model with soft delete marks the row as
   * deleted, unless `hard` is true.
   *
   * @throws {OptimisticLockError} the model has a version and the row was changed since it was read
   */
  delete(options?: DeleteOptions): Promise<boolean>;
  /**
   * Takes back a soft delete; gives false when the row was not deleted.
   *
   * @throws {QueryError} the model has no soft delete
   */
  restore(options?: RunOptions): Promise<boolean>;
  /** Reads the row again; loaded relations are dropped. */
  refresh(options?: RunOptions): Promise<this>;
  /** Ties rows to this one; gives how many were not tied before. */
  addM2m<Name extends ManyToManyName<Shape>>(
    name: Name,
    ...targets: readonly TieInput<TargetOf<Shape, Name>>[]
  ): Promise<number>;
  /** Unties rows from this one; gives how many were tied. */
  removeM2m<Name extends ManyToManyName<Shape>>(
    name: Name,
    ...targets: readonly TieInput<TargetOf<Shape, Name>>[]
  ): Promise<number>;
  /** Ties exactly these rows to this one, in one transaction. */
  setM2m<Name extends ManyToManyName<Shape>>(
    name: Name,
    targets: readonly TieInput<TargetOf<Shape, Name>>[],
    options?: RunOptions,
  ): Promise<void>;
  /** Unties every row from this one; gives how many were tied. */
  clearM2m(name: ManyToManyName<Shape>, options?: RunOptions): Promise<number>;
}
