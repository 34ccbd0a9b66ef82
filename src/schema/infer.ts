/** The types that follow from a model's shape. Types only. */
import type { HasShape, ReadOf, ShapeOf, WriteOf } from "./keys.ts";
import type { AnyRelation } from "./relation.ts";
import type { FieldKind, FieldSpec, InsertMode, RelationSpec } from "./spec.ts";

/**
 * A member of a model's shape: a column, a foreign key, or a relation.
 *
 * It asks for no more than tells them apart: comparing whole fields would make the type checker look
 * up each foreign key's target, and its targets in turn, to any depth.
 */
export interface AnyMember {
  /** Type only: tells a column from a relation. */
  readonly $member: "column" | "relation";
  /** What the declaration says. */
  readonly spec: FieldSpec | RelationSpec;
}

/** The declaration of a model: its members by property. */
export type ModelShape = Readonly<Record<string, AnyMember>>;

/*
 * What the conditions below look for. Each is an interface with a name, which costs the type checker
 * less than the same members written in place: it is not instantiated again for each member.
 */
interface IsWritable {
  readonly $insert: "required" | "optional";
}
interface IsRequired {
  readonly $insert: "required";
}
interface IsGenerated {
  readonly $insert: "never";
}
interface IsNotGenerated {
  readonly $insert: "required" | "optional" | "none";
}
interface IsForeignKey {
  readonly $relation: "fk";
}
interface IsInverse {
  readonly $relation: "ifk";
}
interface IsManyToMany {
  readonly $relation: "m2m";
}
interface IsRelation {
  readonly $relation: "fk" | "ifk" | "m2m";
}

/** The properties that are columns and may be written. */
export type WritableName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsWritable ? Name : never;
}[keyof Shape];

/** The properties that are columns and may never be written. */
export type GeneratedName<Shape> = Shape[keyof Shape] extends IsNotGenerated ? never : {
  [Name in keyof Shape]: Shape[Name] extends IsGenerated ? Name : never;
}[keyof Shape];

/** The properties that are columns. */
export type ColumnName<Shape> = WritableName<Shape> | GeneratedName<Shape>;

/** The properties that are foreign keys. */
export type ForeignKeyName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsForeignKey ? Name : never;
}[keyof Shape];

/** The inverse foreign keys. */
export type InverseName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsInverse ? Name : never;
}[keyof Shape];

/** The many-to-many relations. */
export type ManyToManyName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsManyToMany ? Name : never;
}[keyof Shape];

/** Every relation. */
export type RelationName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsRelation ? Name : never;
}[keyof Shape];

/** The properties that are relations of a kind. */
export type RelationNameOf<Shape, Kind extends string> = {
  [Name in keyof Shape]: Shape[Name] extends { readonly $relation: Kind } ? Name : never;
}[keyof Shape];

/** The columns of a row and their types, as they are read. */
export type Row<Shape> = Columns<Shape, WritableName<Shape>, GeneratedName<Shape>>;

/** Columns by name, those that may be written and those that may not, as they are read. */
export type Columns<Shape, Writable extends keyof Shape, Generated extends keyof Shape> =
  & WritableColumns<Shape, Writable>
  & GeneratedColumns<Shape, Generated>;

/** Columns that may be written, by name. */
export type WritableColumns<Shape, Name extends keyof Shape> = {
  -readonly [Key in Name]: ReadOf<Shape[Key]>;
};

/** Columns that may never be written, by name. */
export type GeneratedColumns<Shape, Name extends keyof Shape> = {
  readonly [Key in Name]: ReadOf<Shape[Key]>;
};

/** The properties whose value an insert must, may, or must not give. */
export type WithInsert<Shape, Mode extends InsertMode> = {
  [Name in keyof Shape]: Shape[Name] extends { readonly $insert: Mode } ? Name : never;
}[keyof Shape];

/** The properties that an insert must give. */
type RequiredName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsRequired ? Name : never;
}[keyof Shape];

/** What an insert takes: nullable and defaulted columns may be left out, generated ones must be. */
export type Insert<Shape> =
  & { -readonly [Name in RequiredName<Shape>]: WriteOf<Shape[Name]> }
  & {
    -readonly [Name in Exclude<WritableName<Shape>, RequiredName<Shape>>]?: WriteOf<
      Shape[Name]
    >;
  };

/** What an update takes: any of the columns that may be written. */
export type Update<Shape> = {
  -readonly [Name in WritableName<Shape>]?: WriteOf<Shape[Name]>;
};

/** The row type of a model's instance type: `RowOf<Order>`. */
export type RowOf<Instance> = Row<ShapeOf<Instance>>;
/** What `create()` of a model takes: `InsertOf<Order>`. */
export type InsertOf<Instance> = Insert<ShapeOf<Instance>>;
/** What `update()` of a model takes: `UpdateOf<Order>`. */
export type UpdateOf<Instance> = Update<ShapeOf<Instance>>;

/** The instance type on the other side of a relation. */
export type TargetOf<Shape, Name extends keyof Shape> = Shape[Name] extends
  { readonly $target: infer Target } ? Target : never;

/**
 * What a relation gives when it is loaded: one row for a foreign key, or null where its key may be NULL;
 * a list otherwise.
 */
export type RelatedValue<Shape, Name extends keyof Shape, Extra = unknown> = Shape[Name] extends
  { readonly $relation: "fk" } ? (Extra & TargetOf<Shape, Name>) | NullOf<Shape[Name]>
  : (Extra & TargetOf<Shape, Name>)[];

/** Null where a foreign key's value may be NULL; a key over several columns always may. */
export type NullOf<Member> = Member extends { readonly $read: infer Read } ? Extract<Read, null>
  : null;

/** What a relation of a model gives: `RelatedOf<Order, "lineItems">`. */
export type RelatedOf<Instance, Name extends keyof ShapeOf<Instance>> = RelatedValue<
  ShapeOf<Instance>,
  Name
>;

/** A row whose relations in `Loaded` were loaded with the query: reading them gives no `undefined`. */
export interface WithRelated<Shape, Loaded> {
  /** Gives a relation that was loaded with the query. */
  getRelated<Name extends keyof Loaded & keyof Shape>(
    name: Name,
  ): RelatedValue<Shape, Name, NestedRelated<Shape, Name, Loaded[Name]>>;
}

/** The loaded relations of a relation's rows. */
export type NestedRelated<Shape, Name extends keyof Shape, Loaded> = Loaded extends true ? unknown
  : Loaded extends (query: never) => AsyncIterable<infer Result> ? Result
  : WithRelated<ShapeOf<TargetOf<Shape, Name>>, Loaded>;

/** Everything that `fetchAllRelated()` gives, by kind of relation. */
export interface AllRelated<Shape> {
  /** The rows that this row references. */
  readonly foreignKeys: {
    readonly [Name in ForeignKeyName<Shape>]: RelatedValue<Shape, Name>;
  };
  /** The rows that reference this row. */
  readonly inverseForeignKeys: {
    readonly [Name in InverseName<Shape>]: RelatedValue<Shape, Name>;
  };
  /** The rows tied to this row by junction tables. */
  readonly manyToMany: {
    readonly [Name in ManyToManyName<Shape>]: RelatedValue<Shape, Name>;
  };
}

/** Names that other files build on. */
export type { AnyRelation, FieldKind, HasShape, ReadOf, ShapeOf, WriteOf };
