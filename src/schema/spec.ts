/** The data behind fields, relations and models: plain, frozen, without behaviour. */
import type { Sql } from "../ast/sql.ts";
import type { TypeRef } from "../catalog/type_ref.ts";
import type { Deferrable, ReferentialAction } from "../catalog/constraints.ts";
import type { AnyCodec } from "../codec/codec.ts";
import type { Lookups } from "./lookups/lookup.ts";
import type { StandardSchema } from "./standard.ts";

/** Which lookups a column has; chosen by its type. */
export type FieldKind =
  | "text"
  | "enum"
  | "number"
  | "boolean"
  | "date"
  | "json"
  | "array"
  | "range"
  | "vector"
  | "bytes"
  | "uuid"
  | "network"
  | "search"
  | "hstore"
  | "other";

/** Whether an insert must, may, or must not give a column's value. */
export type InsertMode = "required" | "optional" | "never";

/** Whether a column is (part of) the primary key. */
export type Role = "plain" | "primary";

/** What relation, if any, a member of a model's shape is. */
export type RelationKind = "none" | "fk" | "ifk" | "m2m";

/** Where a column's value comes from when an insert leaves it out. */
export type DefaultSpec =
  | { readonly kind: "sql"; readonly sql: Sql }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "function"; readonly make: () => unknown };

/** Options of an identity column or its sequence, as exact decimals. */
export interface IdentityOptions {
  /** The first number. */
  readonly start?: number | bigint;
  /** The step. */
  readonly increment?: number | bigint;
  /** The least number. */
  readonly min?: number | bigint;
  /** The greatest number. */
  readonly max?: number | bigint;
  /** How many numbers a session takes at once. */
  readonly cache?: number | bigint;
  /** Whether it starts again at its end. */
  readonly cycle?: boolean;
  /** The sequence's name when it is not `<table>_<column>_seq`. */
  readonly sequence?: string;
  /** The sequence's comment in the database. */
  readonly comment?: string;
}

/** How a column's values are kept, where that is not the type's or the server's own way. */
export interface ColumnStorage {
  /** The TOAST strategy. */
  readonly storage?: "PLAIN" | "EXTERNAL" | "EXTENDED" | "MAIN";
  /** `pglz` or `lz4`. */
  readonly compression?: string;
  /** The statistics target. */
  readonly statistics?: number;
  /** Attribute options, such as `n_distinct`. */
  readonly options?: Readonly<Record<string, string | number>>;
  /** OPTIONS of a foreign table's column. */
  readonly foreignOptions?: Readonly<Record<string, string>>;
  /** False for a column that is not NOT NULL itself, since its domain forbids NULL; default true. */
  readonly notNull?: boolean;
}

/**
 * A thunk that returns a model class; typed `any` so that two classes may name each other.
 *
 * The second form stands for no thunk that anyone writes. Two forms that differ keep the type checker
 * from looking into the thunk while it checks the class around it: with one, a chain of a few hundred
 * models overflows its stack.
 */
// deno-lint-ignore no-explicit-any -- an inferred thunk would make a TS2506 circle of two classes
export type ModelThunk = (() => any) | ((unused?: never) => any);

/** Options of a foreign key. */
export interface ForeignKeyOptions {
  /** The constraint's name in the database; default: PostgreSQL's own choice. */
  readonly name?: string;
  /** What happens to this row when the target is deleted; default `no action`. */
  readonly onDelete?: ReferentialAction;
  /** What happens when the target's key changes; default `no action`. */
  readonly onUpdate?: ReferentialAction;
  /** The target's property that is referenced; default: its primary key. */
  readonly toField?: string;
  /** The name of the inverse relation on the target, for messages and generators. */
  readonly relatedName?: string;
  /** `full` for MATCH FULL. */
  readonly match?: "simple" | "full";
  /** When the constraint is checked; default: at once, not deferrable. */
  readonly deferrable?: Exclude<Deferrable, null>;
  /** True for NOT VALID: rows from before the constraint are not checked. */
  readonly notValid?: boolean;
  /** False for NOT ENFORCED (18). */
  readonly enforced?: boolean;
  /** The columns of ON DELETE SET NULL (…), by property. */
  readonly onDeleteFields?: readonly string[];
  /** False = a relation for queries only, without a constraint in the database. */
  readonly constraint?: boolean;
  /** The constraint's comment in the database. */
  readonly comment?: string;
}

/** A foreign key's target and options. */
export interface ReferenceSpec {
  /** A thunk that gives the target. */
  readonly target: ModelThunk;
  /** Its options. */
  readonly options: ForeignKeyOptions;
}

/** What a type is made of. */
export type TypeParts =
  | { readonly kind: "array"; readonly item: FieldSpec }
  | { readonly kind: "domain"; readonly base: FieldSpec; readonly hasDefault: boolean }
  | { readonly kind: "range" | "multirange"; readonly bound: FieldSpec }
  | {
    readonly kind: "composite";
    /** The attributes in the type's order, by property. */
    readonly attributes: readonly (readonly [name: string, spec: FieldSpec])[];
  };

/** Everything that a column's declaration says. */
export interface FieldSpec {
  /** The column's type; null = the type of the column that its foreign key references. */
  readonly type: TypeRef | null;
  /** What kind of values it has. */
  readonly kind: FieldKind;
  /** The lookups that it has, made when they are first asked for. */
  readonly lookups: () => Lookups;
  /** Reads and writes its values; null as for `type`. */
  readonly codec: AnyCodec | null;
  /** Reads and writes the elements of an array; null for every other type. */
  readonly element: AnyCodec | null;
  /** What its type is made of; left out for a type that is made of nothing. */
  readonly parts?: TypeParts;
  /** The labels of an enum type. */
  readonly labels?: readonly string[];
  /** The schema that the values of a JSON column follow. */
  readonly schema?: StandardSchema;
  /**
   * Checks a value that is about to be written by its schema, and gives what the schema made of it.
   *
   * @throws {ValidationError} the value breaks the schema
   */
  readonly check?: (value: unknown) => unknown;
  /** The column's name; null = derived from the property. */
  readonly column: string | null;
  /** Whether NULL is allowed. */
  readonly nullable: boolean;
  /** Whether it is the primary key. */
  readonly primaryKey: boolean;
  /** Whether it is unique. */
  readonly unique: boolean;
  /** What an insert that leaves it out gets; null = nothing. */
  readonly default: DefaultSpec | null;
  /** How the server numbers it; null = it does not. */
  readonly identity: {
    /** Whether written values are refused. */
    readonly generation: "always" | "by default";
    /** The options of its sequence. */
    readonly options: IdentityOptions;
  } | null;
  /** How the server computes it; null = it does not. */
  readonly generated: { readonly expression: Sql; readonly kind: "stored" | "virtual" } | null;
  /** The collation as a path of names; null = the type's own. */
  readonly collation: readonly string[] | null;
  /** Its comment in the database. */
  readonly comment: string | null;
  /** How its values are kept; null = the usual way. */
  readonly storage: ColumnStorage | null;
  /** True for the column that counts changes for the optimistic lock. */
  readonly version: boolean;
  /** What it references; null = nothing. */
  readonly reference: ReferenceSpec | null;
}

/** A relation from the other side of a foreign key. */
export interface InverseSpec {
  /** The kind of the relation. */
  readonly relation: "ifk";
  /** A thunk that gives the target. */
  readonly target: ModelThunk;
  /** The target's foreign-key property, or its named composite foreign key. */
  readonly fromField: string;
}

/** A relation through a junction table. */
export interface ManyToManySpec {
  /** The kind of the relation. */
  readonly relation: "m2m";
  /** A thunk that gives the target. */
  readonly target: ModelThunk;
  /** The junction table. */
  readonly through: string;
  /** The junction's schema; null = the model's own. */
  readonly throughSchema: string | null;
  /** The junction's columns that reference this model, in the order of `sourceFields`. */
  readonly source: readonly string[];
  /** The junction's columns that reference the target, in the order of `targetFields`. */
  readonly targetColumns: readonly string[];
  /** The properties referenced on this model; null = its primary key. */
  readonly sourceFields: readonly string[] | null;
  /** The properties referenced on the target; null = its primary key. */
  readonly targetFields: readonly string[] | null;
}

/** A foreign key over several columns, or a second one over a column that has one. */
export interface CompositeSpec {
  /** The kind of the relation. */
  readonly relation: "fk";
  /** What it references; null = nothing. */
  readonly reference: ReferenceSpec;
  /** This model's properties. */
  readonly fields: readonly string[];
  /** The target's properties, in the same order; null = its primary key. */
  readonly toFields: readonly string[] | null;
}

/** Any relation that is not a column. */
export type RelationSpec = InverseSpec | ManyToManySpec | CompositeSpec;

/** One key of a declared index. */
export interface IndexKeySpec {
  /** A property of the model, or null for an expression. */
  readonly field: string | null;
  /** An expression instead of a property. */
  readonly expression: Sql | null;
  /** Whether it descends. */
  readonly descending: boolean;
  /** Where NULLs stand; null = as usual. */
  readonly nulls: "first" | "last" | null;
  /** The operator class as a path of names; null = the type's default. */
  readonly opclass: readonly string[] | null;
  /** Parameters of the operator class. */
  readonly opclassOptions: Readonly<Record<string, string | number | boolean>>;
  /** The collation as a path of names; null = the column's. */
  readonly collation: readonly string[] | null;
}

/** A declared index. */
export interface IndexSpec {
  /** Its name; null = the server chooses. */
  readonly name: string | null;
  /** The access method; null = btree. */
  readonly method: string | null;
  /** Whether it is unique. */
  readonly unique: boolean;
  /** Whether NULL may occur once only. */
  readonly nullsNotDistinct: boolean;
  /** What it sorts by, in order. */
  readonly keys: readonly IndexKeySpec[];
  /** Properties that it stores beside its keys. */
  readonly include: readonly string[];
  /** The rows that it holds; null = all. */
  readonly where: Sql | null;
  /** Storage parameters. */
  readonly with: Readonly<Record<string, string | number | boolean>>;
  /** The tablespace; null = the default one. */
  readonly tablespace: string | null;
  /** Statistics targets of expression keys, by the key's 1-based position. */
  readonly statistics: Readonly<Record<string, number>>;
  /** Its comment in the database. */
  readonly comment: string | null;
}

/** The index behind a constraint, where something about it is set. */
export interface ConstraintIndexSpec {
  /** Storage parameters. */
  readonly storage: Readonly<Record<string, string | number | boolean>>;
  /** The tablespace; null = the default one. */
  readonly tablespace: string | null;
  /** Its comment in the database. */
  readonly comment: string | null;
}

/** A declared constraint of a table that no single column says. */
export type ConstraintSpec =
  | {
    readonly type: "primary" | "unique";
    /** Its name; null = the server chooses. */
    readonly name: string | null;
    readonly fields: readonly string[];
    /** Properties that it stores beside its keys. */
    readonly include: readonly string[];
    /** Whether NULL may occur once only. */
    readonly nullsNotDistinct: boolean;
    /** WITHOUT OVERLAPS on the last field (18). */
    readonly withoutOverlaps: boolean;
    readonly deferrable: Exclude<Deferrable, null> | null;
    readonly index: ConstraintIndexSpec;
    /** Its comment in the database. */
    readonly comment: string | null;
  }
  | {
    readonly type: "check";
    /** Its name; null = the server chooses. */
    readonly name: string | null;
    readonly expression: Sql;
    readonly noInherit: boolean;
    readonly notValid: boolean;
    /** Its comment in the database. */
    readonly comment: string | null;
  }
  | {
    /** Any other constraint, by its definition as PostgreSQL prints it. */
    readonly type: "raw";
    readonly name: string;
    readonly definition: Sql;
    readonly index: ConstraintIndexSpec;
    /** Its comment in the database. */
    readonly comment: string | null;
  };
