import type { Catalog } from "../../src/catalog/catalog.ts";
import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type { ColumnObject, ObjectKind, ObjectOf } from "../../src/catalog/types.ts";
import type { DdlStatement } from "./statement.ts";

/** What writing a statement needs to know beside the object. */
export interface Surroundings {
  /** The catalog that holds the object. */
  readonly catalog: Catalog;
  /** The catalog that the plan starts from, under its new names; it may be the same one. */
  readonly before: Catalog;
  /** Whether forms that let others go on working are preferred. */
  readonly safe: boolean;
  /** Whether a relation was there before the plan, so that it may hold rows and be in use. */
  readonly isOld: (relation: string) => boolean;
  /** Whether a relation's name is taken before the plan. */
  readonly isTaken: (schema: string, name: string) => boolean;
  /** The columns of a table or view, by position. */
  readonly columnsOf: (schema: string, table: string) => readonly ColumnObject[];
  /** The constraints that a new table is made with. */
  readonly inlineOf: (schema: string, table: string) => readonly ConstraintObject[];
  /** Whether a table has partitions before the object is made. */
  readonly hasPartitions: (schema: string, table: string) => boolean;
  /** Whether a part goes while a table that inherits it keeps it. */
  readonly goesAlone: (part: ColumnObject | ConstraintObject) => boolean;
}

/** How one kind of object is written. All are pure. */
export interface DdlOf<One> {
  /** Makes the object, without its comment and owner. */
  readonly create: (object: One, around: Surroundings) => readonly DdlStatement[];
  /** Takes it away. */
  readonly drop: (object: One, around: Surroundings) => readonly DdlStatement[];
  /** Makes one into the other, without comment and owner; both have the same name. */
  readonly alter: (before: One, after: One, around: Surroundings) => readonly DdlStatement[];
  /** Gives it the other's name; null = its kind cannot be renamed. */
  readonly rename: ((before: One, after: One) => readonly DdlStatement[]) | null;
}

/** One entry for each kind. */
export type DdlTable = { readonly [Kind in ObjectKind]: DdlOf<ObjectOf<Kind>> };
