import { isSql } from "../ast/fragment.ts";
import type { Sql } from "../ast/sql.ts";
import type { TypeRef } from "../catalog/type_ref.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { orderedLookups } from "./lookups/base.ts";
import type { Lookups } from "./lookups/lookup.ts";
import type {
  ColumnStorage,
  DefaultSpec,
  FieldKind,
  FieldSpec,
  ForeignKeyOptions,
  IdentityOptions,
  InsertMode,
  ModelThunk,
  RelationKind,
  Role,
} from "./spec.ts";
import { checkOptions, FOREIGN_KEY_OPTIONS } from "./known_options.ts";

/** What an insert may do with a column once it may be left out. */
export type Optional<Insert extends InsertMode> = Insert extends "never" ? "never" : "optional";

/**
 * A column of a model, under construction: each method returns a new field.
 *
 * The `$` members exist for the type checker alone and hold nothing at run time.
 *
 * @example
 * ```ts
 * import { Field, text } from "@matrx/orm";
 *
 * const name = text();
 * const unique = name.unique().comment("As on the invoice"); // a new field; name is as it was
 * console.log(name instanceof Field, unique.spec.unique);
 * ```
 */
export class Field<
  Kind extends FieldKind,
  Read,
  Write,
  Insert extends InsertMode = "required",
  Primary extends Role = "plain",
  Relation extends RelationKind = "none",
  Target = never,
> {
  /** Type only: tells a column from a relation. */
  declare readonly $member: "column";
  /** Type only: which lookups the column has. */
  declare readonly $kind: Kind;
  /** Type only: the type of a value that was read. */
  declare readonly $read: Read;
  /** Type only: the type of a value that may be written. */
  declare readonly $write: Write;
  /** Type only: whether an insert gives the value. */
  declare readonly $insert: Insert;
  /** Type only: whether the column is the primary key. */
  declare readonly $role: Primary;
  /** Type only: `fk` when the column is a foreign key. */
  declare readonly $relation: Relation;
  /** Type only: the instance type that a foreign key references. */
  declare readonly $target: Target;
  /** What the declaration says. */
  readonly spec: FieldSpec;

  /** Makes a field from what it says; use the factories instead. */
  constructor(spec: FieldSpec) {
    this.spec = spec;
  }

  /** Allows NULL. */
  nullable(): Field<Kind, Read | null, Write | null, Optional<Insert>, Primary, Relation, Target> {
    return new Field({ ...this.spec, nullable: true });
  }

  /** Makes the column the primary key; for several columns use the model's `primaryKey` option. */
  primaryKey(): Field<Kind, Read, Write, Insert, "primary", Relation, Target> {
    return new Field({ ...this.spec, primaryKey: true });
  }

  /** Adds a unique constraint on this column. */
  unique(): Field<Kind, Read, Write, Insert, Primary, Relation, Target> {
    return new Field({ ...this.spec, unique: true });
  }

  /**
   * Sets what a column gets when an insert leaves it out.
   *
   * A `sql` fragment is the database's default; a value is both the database's default and sent by
   * `create()`; a function runs for every `create()` and the database does not know it.
   */
  default(
    value: NonNullable<Write> | Sql | (() => Write),
  ): Field<Kind, Read, Write, Optional<Insert>, Primary, Relation, Target> {
    return new Field({ ...this.spec, default: defaultSpec(value) });
  }

  /** Lets the server number the rows. `always` refuses written values, `by default` allows them. */
  identity<Generation extends "always" | "by default" = "by default">(
    generation?: Generation,
    options: IdentityOptions = {},
  ): Field<
    Kind,
    Read,
    Write,
    Generation extends "always" ? "never" : "optional",
    Primary,
    Relation,
    Target
  > {
    return new Field({
      ...this.spec,
      identity: { generation: generation ?? "by default", options },
    });
  }

  /** Makes the column computed by the server from others; it can never be written. */
  generatedAs(
    expression: Sql,
    options: { readonly kind?: "stored" | "virtual" } = {},
  ): Field<Kind, Read, Write, "never", Primary, Relation, Target> {
    return new Field({
      ...this.spec,
      generated: { expression, kind: options.kind ?? "stored" },
    });
  }

  /** Names the column when its name is not the property's in snake_case. */
  column(name: string): Field<Kind, Read, Write, Insert, Primary, Relation, Target> {
    return new Field({ ...this.spec, column: name });
  }

  /** Sets the column's comment in the database. */
  comment(text: string): Field<Kind, Read, Write, Insert, Primary, Relation, Target> {
    return new Field({ ...this.spec, comment: text });
  }

  /** Sets how the column's values are kept: TOAST strategy, compression, statistics target. */
  storage(how: ColumnStorage): Field<Kind, Read, Write, Insert, Primary, Relation, Target> {
    return new Field({ ...this.spec, storage: how });
  }

  /** Sets the collation: its name, or schema and name. */
  collate(...path: readonly string[]): Field<Kind, Read, Write, Insert, Primary, Relation, Target> {
    return new Field({ ...this.spec, collation: path });
  }

  /**
   * Makes the column a foreign key and keeps its type: for generated models, and where the key's
   * type is better said than looked up. `foreignKey()` takes the type from the target.
   */
  references<Referenced>(
    target: ModelThunk,
    options: ForeignKeyOptions = {},
  ): Field<Kind, Read, Write, Insert, Primary, "fk", Referenced> {
    checkOptions("references()", options, FOREIGN_KEY_OPTIONS);
    return new Field({ ...this.spec, reference: { target, options } });
  }

  /**
   * Gives the column's JavaScript type another name, such as a branded string or a union. Nothing
   * changes at run time.
   */
  as<Value extends Read>(): Field<
    Kind,
    Value | Extract<Read, null>,
    Value | Extract<Write, null>,
    Insert,
    Primary,
    Relation,
    Target
  > {
    return new Field(this.spec);
  }
}

function defaultSpec(value: unknown): DefaultSpec {
  if (isSql(value)) return { kind: "sql", sql: value };
  if (typeof value === "function") return { kind: "function", make: value as () => unknown };
  return { kind: "value", value };
}

/** Makes the spec of a fresh column of one type. */
export function fieldSpec(
  kind: FieldKind,
  type: TypeRef | null,
  codec: AnyCodec | null,
  lookups: () => Lookups = orderedLookups,
): FieldSpec {
  return {
    type,
    kind,
    lookups,
    codec,
    element: null,
    column: null,
    nullable: false,
    primaryKey: false,
    unique: false,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    comment: null,
    storage: null,
    version: false,
    reference: null,
  };
}

/** Any field, whatever its types. */
// deno-lint-ignore no-explicit-any -- fields of all types share one shape; the door is this alias
export type AnyField = Field<any, any, any, any, any, any, any>;
