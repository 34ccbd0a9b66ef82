/** Type-only keys by which an instance type tells its shape; nothing stands behind them at run time. */
export declare const SHAPE: unique symbol;

/** An instance type that carries its model's shape. */
export interface HasShape<Shape> {
  /** Type only: the model's fields and relations. */
  readonly [SHAPE]: Shape;
}

/** The shape (fields and relations) of an instance type. */
export type ShapeOf<Instance> = Instance extends HasShape<infer Shape> ? Shape : never;

/** The type of a member's value as it may be written. */
export type WriteOf<Member> = Member extends { readonly $write: infer Write } ? Write : never;

/** What may be written for the primary key of an instance type; `unknown` for composite keys. */
export type KeyWriteOf<Instance> = Instance extends HasShape<infer Shape>
  ? WriteOf<Shape[PrimaryName<Shape>]>
  : unknown;

/** The type of the primary key of an instance type; `unknown` for composite keys. */
export type KeyOf<Instance> = Instance extends HasShape<infer Shape> ? KeyOfShape<Shape> : unknown;

interface IsPrimary {
  readonly $role: "primary";
}

/** The properties that are the primary key. */
type PrimaryName<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends IsPrimary ? Name : never;
}[keyof Shape];

/** The type of a member's value as it is read. */
export type ReadOf<Member> = Member extends { readonly $read: infer Read } ? Read : never;

/** The type of the value of the single primary-key column in a shape. */
export type KeyOfShape<Shape> = ReadOf<Shape[PrimaryName<Shape>]>;
