import { isSql } from "../ast/fragment.ts";
import type { Sql } from "../ast/sql.ts";
import { Field, fieldSpec } from "./field.ts";
import type { FieldSpec, ForeignKeyOptions, InsertMode, ModelThunk, Role } from "./spec.ts";
import type { KeyOf, KeyWriteOf } from "./keys.ts";
import { checkOptions, FOREIGN_KEY_OPTIONS } from "./known_options.ts";

/**
 * A column that references another model and takes its type from the column it references.
 *
 * It is a class of its own because the key's type must be looked up lazily: two models that reference
 * each other would otherwise be a circle for the type checker.
 *
 * @example
 * ```ts
 * import { foreignKey, ForeignKeyField, model, uuid } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: uuid().primaryKey() }) {}
 * const customerId = foreignKey<Customer>(() => Customer).nullable();
 * console.log(customerId instanceof ForeignKeyField);
 * ```
 */
export class ForeignKeyField<
  Target,
  Null = never,
  Insert extends InsertMode = "required",
  Primary extends Role = "plain",
> {
  /** Type only: tells a column from a relation. */
  declare readonly $member: "column";
  /** Type only: which lookups the column has. */
  declare readonly $kind: "other";
  /** Type only: the type of a value that was read. */
  declare readonly $read: KeyOf<Target> | Null;
  /** Type only: the type of a value that may be written. */
  declare readonly $write: KeyWriteOf<Target> | Null;
  /** Type only: whether an insert gives the value. */
  declare readonly $insert: Insert;
  /** Type only: whether the column is the primary key. */
  declare readonly $role: Primary;
  /** Type only: this is a foreign key. */
  declare readonly $relation: "fk";
  /** Type only: the instance type that it references. */
  declare readonly $target: Target;
  /** What the declaration says. */
  readonly spec: FieldSpec;

  /** Makes a foreign key from what it says; use `foreignKey()` instead. */
  constructor(spec: FieldSpec) {
    this.spec = spec;
  }

  /** Allows NULL: a row without a target. */
  nullable(): ForeignKeyField<Target, null, "optional", Primary> {
    return new ForeignKeyField({ ...this.spec, nullable: true });
  }

  /** Makes the column the primary key, for one-to-one tables. */
  primaryKey(): ForeignKeyField<Target, Null, Insert, "primary"> {
    return new ForeignKeyField({ ...this.spec, primaryKey: true });
  }

  /** Adds a unique constraint: a one-to-one relation. */
  unique(): ForeignKeyField<Target, Null, Insert, Primary> {
    return new ForeignKeyField({ ...this.spec, unique: true });
  }

  /** Names the column when its name is not the property's in snake_case. */
  column(name: string): ForeignKeyField<Target, Null, Insert, Primary> {
    return new ForeignKeyField({ ...this.spec, column: name });
  }

  /** Sets the column's comment in the database. */
  comment(text: string): ForeignKeyField<Target, Null, Insert, Primary> {
    return new ForeignKeyField({ ...this.spec, comment: text });
  }

  /** Sets what the column gets when an insert leaves it out, as `Field.default` does. */
  default(
    value: KeyWriteOf<Target> | Sql | (() => KeyWriteOf<Target>),
  ): ForeignKeyField<Target, Null, "optional", Primary> {
    const spec = isSql(value)
      ? { kind: "sql", sql: value } as const
      : typeof value === "function"
      ? { kind: "function", make: value as () => unknown } as const
      : { kind: "value", value } as const;
    return new ForeignKeyField({ ...this.spec, default: spec });
  }
}

/**
 * Declares a column that references another model's row.
 *
 * The target comes from the type argument; the thunk is called when the relation is first used, so
 * that two classes may reference each other. The column takes the type of the key it references.
 *
 * @example
 * ```ts
 * import { foreignKey, model, text, uuid } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }) {}
 * class Order extends model("orders", {
 *   id: uuid().primaryKey(),
 *   customerId: foreignKey<Customer>(() => Customer, { onDelete: "cascade" }),
 * }) {}
 * ```
 */
export function foreignKey<Target>(
  target: ModelThunk,
  options: ForeignKeyOptions = {},
): ForeignKeyField<Target> {
  checkOptions("foreignKey()", options, FOREIGN_KEY_OPTIONS);
  return new ForeignKeyField({ ...fieldSpec("other", null, null), reference: { target, options } });
}

/** Tells a column from the other members of a model's shape. */
export function isField(member: unknown): member is { readonly spec: FieldSpec } {
  return member instanceof Field || member instanceof ForeignKeyField;
}
