/**
 * The one description of a database's structure, shared by both directions.
 *
 * A catalog is flat: every object is an entry of its own that names its parent, so that two catalogs
 * are compared entry by entry. Expressions and types appear as the server prints them with an empty
 * `search_path`, that is, with every name outside `pg_catalog` qualified.
 */
import type { Base, InSchema, OnTable } from "./base.ts";
import type { ConstraintObject } from "./constraints.ts";
import type { DefaultPrivilegeObject, DefinedObject, PrivilegeObject } from "./other_types.ts";
import type { TypeRef } from "./type_ref.ts";

/** A schema (namespace). */
export interface SchemaObject extends Base {
  readonly kind: "schema";
  readonly name: string;
  readonly owner: string;
}

/** An installed extension. */
export interface ExtensionObject extends Base {
  readonly kind: "extension";
  readonly name: string;
  readonly schema: string;
  readonly version: string;
}

/** The bounds and parent of a partition. */
export interface PartitionOf {
  readonly schema: string;
  readonly table: string;
  /** As printed: `FOR VALUES FROM (...) TO (...)`, or `DEFAULT`. */
  readonly bound: string;
}

/** A table: ordinary, partitioned, a partition, inherited, unlogged, or foreign. */
export interface TableObject extends InSchema {
  readonly kind: "table";
  readonly owner: string;
  readonly persistence: "permanent" | "unlogged" | "temporary";
  /** `LIST (region)`, `RANGE (at)`, `HASH (id)` as printed; null = not partitioned. */
  readonly partitionBy: string | null;
  readonly partitionOf: PartitionOf | null;
  /** Parents by INHERITS, in order. */
  readonly inherits: readonly { readonly schema: string; readonly table: string }[];
  /** Storage parameters, sorted by name: `fillfactor` -> `70`. TOAST parameters are named `toast.…`. */
  readonly storage: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  /** The table access method; `heap` unless chosen otherwise. */
  readonly accessMethod: string | null;
  /** The index that CLUSTER uses; null = none. */
  readonly clusterOn: string | null;
  readonly replicaIdentity: "default" | "nothing" | "full" | { readonly index: string };
  readonly rowSecurity: { readonly enabled: boolean; readonly forced: boolean };
  /** The foreign server and its options; null = not a foreign table. */
  readonly foreign:
    | { readonly server: string; readonly options: Readonly<Record<string, string>> }
    | null;
  /** The composite type that a typed table is OF; null = none. */
  readonly ofType: { readonly schema: string; readonly name: string } | null;
  /** The planner's estimate of the number of rows; null = never analysed. Not part of the structure. */
  readonly estimatedRows: number | null;
}

/** Options of the sequence behind an identity or serial column, or of a free one. */
export interface SequenceOptions {
  /** All numbers are exact decimal text: they may exceed 2^53. */
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** A column of a table, view, materialized view or foreign table. */
export interface ColumnObject extends OnTable {
  readonly kind: "column";
  /** 1-based position among the live columns. */
  readonly position: number;
  readonly type: TypeRef;
  /** The type as `format_type` prints it. */
  readonly formatted: string;
  readonly notNull: boolean;
  /** The default expression as printed; null = none. */
  readonly default: string | null;
  readonly identity:
    | {
      readonly generation: "always" | "by default";
      readonly sequence: { readonly schema: string; readonly name: string };
      readonly options: SequenceOptions;
      /** The comment on that sequence; null = none. */
      readonly comment: string | null;
    }
    | null;
  readonly generated: { readonly expression: string; readonly kind: "stored" | "virtual" } | null;
  /** The collation when it is not the type's own. */
  readonly collation: { readonly schema: string; readonly name: string } | null;
  /** PLAIN, EXTERNAL, EXTENDED or MAIN when it is not the type's own; null = the type's default. */
  readonly storage: string | null;
  /** `pglz` or `lz4`; null = the server's default. */
  readonly compression: string | null;
  /** ALTER COLUMN SET STATISTICS; null = default. */
  readonly statistics: number | null;
  /** Attribute options such as `n_distinct`, sorted. */
  readonly options: Readonly<Record<string, string>>;
  /** OPTIONS of a foreign table's column, sorted. */
  readonly foreignOptions: Readonly<Record<string, string>>;
  /** Whether the column is declared on this table itself (false = only inherited, or of a partition). */
  readonly local: boolean;
}

/** One key of an index. */
export interface IndexKey {
  /** The column's name, or null for an expression. */
  readonly column: string | null;
  /** The expression as printed, or null for a column. */
  readonly expression: string | null;
  /** The operator class when it is not the type's default, or has parameters. */
  readonly opclass: { readonly schema: string; readonly name: string } | null;
  /** The operator class's parameters, sorted. */
  readonly opclassOptions: Readonly<Record<string, string>>;
  /** The collation when it is not the column's (for an expression: not that of its type). */
  readonly collation: { readonly schema: string; readonly name: string } | null;
  readonly descending: boolean;
  readonly nulls: "first" | "last";
}

/** An index that no constraint owns. */
export interface IndexObject extends OnTable {
  readonly kind: "index";
  readonly method: string;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  /** The predicate as printed; null = not partial. */
  readonly where: string | null;
  /** Storage parameters, sorted. */
  readonly storage: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  /** False after a failed CREATE INDEX CONCURRENTLY. */
  readonly valid: boolean;
  /** The parent index when this one belongs to a partition. */
  readonly parent: { readonly schema: string; readonly name: string } | null;
  /** Per expression key: the statistics target, when set. */
  readonly statistics: Readonly<Record<string, number>>;
  /** The whole definition as `pg_get_indexdef` prints it. */
  readonly definition: string;
}

/** A sequence. Those of identity columns are on the column and not listed here. */
export interface SequenceObject extends InSchema {
  readonly kind: "sequence";
  readonly owner: string;
  readonly type: TypeRef;
  readonly options: SequenceOptions;
  readonly persistence: "permanent" | "unlogged" | "temporary";
  /** The column that owns it (serial); null = free. */
  readonly ownedBy: {
    readonly schema: string;
    readonly table: string;
    readonly column: string;
  } | null;
}

/** An enum type. */
export interface EnumObject extends InSchema {
  readonly kind: "enum";
  readonly owner: string;
  /** The labels by their sort order. */
  readonly labels: readonly string[];
}

/** A domain. */
export interface DomainObject extends InSchema {
  readonly kind: "domain";
  readonly owner: string;
  readonly base: TypeRef;
  readonly formatted: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly collation: { readonly schema: string; readonly name: string } | null;
  /** Its checks by name; `definition` as printed. */
  readonly checks: readonly {
    readonly name: string;
    readonly definition: string;
    readonly validated: boolean;
    readonly comment: string | null;
  }[];
}

/** A free-standing composite type. */
export interface CompositeObject extends InSchema {
  readonly kind: "composite";
  readonly owner: string;
  readonly attributes: readonly {
    readonly name: string;
    readonly type: TypeRef;
    readonly formatted: string;
    readonly collation: { readonly schema: string; readonly name: string } | null;
    readonly comment: string | null;
  }[];
}

/** A range type that the database defines; its multirange comes with it. */
export interface RangeObject extends InSchema {
  readonly kind: "range";
  readonly owner: string;
  readonly subtype: TypeRef;
  readonly formatted: string;
  readonly opclass: { readonly schema: string; readonly name: string } | null;
  readonly collation: { readonly schema: string; readonly name: string } | null;
  /** The functions as printed; null = none. */
  readonly canonical: string | null;
  readonly subtypeDiff: string | null;
  readonly multirange: { readonly schema: string; readonly name: string };
}

/** A view. Its columns are `column` objects. */
export interface ViewObject extends InSchema {
  readonly kind: "view";
  readonly owner: string;
  /** The query as `pg_get_viewdef` prints it. */
  readonly definition: string;
  /** `check_option`, `security_barrier`, `security_invoker`, sorted. */
  readonly options: Readonly<Record<string, string>>;
}

/** A materialized view. Its columns and indexes are objects of their own. */
export interface MaterializedViewObject extends InSchema {
  readonly kind: "materialized view";
  readonly owner: string;
  readonly definition: string;
  readonly populated: boolean;
  readonly storage: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  readonly accessMethod: string | null;
  readonly clusterOn: string | null;
  readonly estimatedRows: number | null;
}

/** A function, procedure, window function or aggregate. */
export interface RoutineObject extends InSchema {
  readonly kind: "function" | "procedure" | "aggregate";
  readonly owner: string;
  /** The argument types that tell overloads apart, as printed by `pg_get_function_identity_arguments`. */
  readonly signature: string;
  readonly language: string;
  readonly returns: string | null;
  /** All its arguments as printed, with modes, names and defaults. */
  readonly arguments: string;
  /** How many of its arguments have a default. */
  readonly defaults: number;
  /** The whole CREATE statement; for an aggregate the one that rebuilds it. */
  readonly definition: string;
}

/** A trigger that a user made. */
export interface TriggerObject extends OnTable {
  readonly kind: "trigger";
  /** As `pg_get_triggerdef` prints it. */
  readonly definition: string;
  readonly enabled: "origin" | "always" | "replica" | "disabled";
  /** The parent table's trigger that this one was cloned from on a partition. */
  readonly inherited: boolean;
}

/** A rewrite rule other than a view's own. */
export interface RuleObject extends OnTable {
  readonly kind: "rule";
  readonly definition: string;
  readonly enabled: "origin" | "always" | "replica" | "disabled";
}

/** A row security policy. */
export interface PolicyObject extends OnTable {
  readonly kind: "policy";
  readonly permissive: boolean;
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  /** Role names, sorted; `public` for everybody. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

/** An extended statistics object. */
export interface StatisticsObject extends InSchema {
  readonly kind: "statistics";
  readonly owner: string;
  readonly table: { readonly schema: string; readonly name: string };
  readonly definition: string;
  /** ALTER STATISTICS SET STATISTICS; null = default. */
  readonly target: number | null;
}

/** Something the database has and this catalog does not describe: listed, never dropped in silence. */
export interface UnmodelledObject extends Base {
  readonly kind: "unmodelled";
  /** What it is, in PostgreSQL's words: `event trigger`, `operator`, `text search configuration`. */
  readonly what: string;
  /** Its qualified name or description as the server prints it. */
  readonly name: string;
}

/** The closed union of everything a catalog holds. */
export type CatalogObject =
  | SchemaObject
  | ExtensionObject
  | TableObject
  | ColumnObject
  | ConstraintObject
  | IndexObject
  | SequenceObject
  | EnumObject
  | DomainObject
  | CompositeObject
  | RangeObject
  | ViewObject
  | MaterializedViewObject
  | RoutineObject
  | TriggerObject
  | RuleObject
  | PolicyObject
  | StatisticsObject
  | DefinedObject
  | PrivilegeObject
  | DefaultPrivilegeObject
  | UnmodelledObject;

/** The name of a kind of object. */
export type ObjectKind = CatalogObject["kind"];

type WithKind<One, Kind> = One extends { readonly kind: infer Own } ? Kind extends Own ? One : never
  : never;

/** The object of one kind. Kinds that are told the same way share a type: `function` and `procedure`. */
export type ObjectOf<Kind extends ObjectKind> = Kind extends ObjectKind
  ? WithKind<CatalogObject, Kind>
  : never;
