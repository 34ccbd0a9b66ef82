import { isSql } from "../ast/fragment.ts";
import type { Sql } from "../ast/sql.ts";
import type { Deferrable } from "../catalog/constraints.ts";
import type { ConstraintIndexSpec, ConstraintSpec, IndexKeySpec, IndexSpec } from "./spec.ts";

/** A key of an index: a property (`-name` descends), an expression, or one with options. */
export type IndexKeyInput = string | Sql | IndexKeyOptions;

/** A key of an index with options. */
export interface IndexKeyOptions {
  /** A property of the model. */
  readonly field?: string;
  /** An expression instead of a property. */
  readonly expression?: Sql;
  /** Descending order; default false. */
  readonly descending?: boolean;
  /** Where NULLs stand; default: last, or first when descending. */
  readonly nulls?: "first" | "last";
  /** The operator class: its name, or schema and name. */
  readonly opclass?: string | readonly string[];
  /** Parameters of the operator class. */
  readonly opclassOptions?: Readonly<Record<string, string | number | boolean>>;
  /** The collation: its name, or schema and name. */
  readonly collation?: string | readonly string[];
}

/** Options of `Index.using`. */
export interface IndexMethodOptions {
  /** The operator class of every key that names none. */
  readonly opclass?: string;
  /** Storage parameters of the method, such as `m` and `ef_construction` of hnsw. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A declared index; each method returns a new one.
 *
 * @example
 * ```ts
 * import { array, Index, index, model, text } from "@matrx/orm";
 *
 * const byTags = index("tags").using("gin");
 * class Note extends model("notes", { title: text(), tags: array(text()) }, {
 *   indexes: [byTags, index("-title").named("notes_by_title")],
 * }) {}
 * console.log(byTags instanceof Index, byTags.spec.method); // true "gin"
 * ```
 */
export class Index {
  /** What the declaration says. */
  readonly spec: IndexSpec;

  /** Makes an index from what it says; use `index()` instead. */
  constructor(spec: IndexSpec) {
    this.spec = spec;
  }

  /** Names the index; default: PostgreSQL's own choice. */
  named(name: string): Index {
    return new Index({ ...this.spec, name });
  }

  /** Chooses the access method (`gin`, `gist`, `hash`, `brin`, `hnsw`, …) and its parameters. */
  using(method: string, options: IndexMethodOptions = {}): Index {
    const { opclass } = options;
    const keys = opclass === undefined
      ? this.spec.keys
      : this.spec.keys.map((key) => ({ ...key, opclass: key.opclass ?? [opclass] }));
    return new Index({
      ...this.spec,
      method,
      keys,
      with: { ...this.spec.with, ...options.with },
    });
  }

  /** Makes it a unique index; `nullsNotDistinct` lets NULL occur once only. */
  unique(options: { readonly nullsNotDistinct?: boolean } = {}): Index {
    return new Index({
      ...this.spec,
      unique: true,
      nullsNotDistinct: options.nullsNotDistinct ?? false,
    });
  }

  /** Limits it to the rows that a condition holds for. */
  where(condition: Sql): Index {
    return new Index({ ...this.spec, where: condition });
  }

  /** Adds columns that are stored but not searched, by property. */
  include(...fields: readonly string[]): Index {
    return new Index({ ...this.spec, include: fields });
  }

  /** Sets storage parameters, such as `fillfactor`. */
  with(parameters: Readonly<Record<string, string | number | boolean>>): Index {
    return new Index({ ...this.spec, with: { ...this.spec.with, ...parameters } });
  }

  /** Puts it into a tablespace. */
  tablespace(name: string): Index {
    return new Index({ ...this.spec, tablespace: name });
  }

  /** Sets statistics targets of expression keys, by the key's 1-based position. */
  statistics(targets: Readonly<Record<string, number>>): Index {
    return new Index({ ...this.spec, statistics: targets });
  }

  /** Sets the index's comment in the database. */
  comment(text: string): Index {
    return new Index({ ...this.spec, comment: text });
  }
}

/**
 * Declares an index over properties (`-name` descends) or expressions.
 *
 * @example
 * ```ts
 * import { decimal, index, model, sql, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: decimal(12, 2) }, {
 *   indexes: [index("status", "-total"), index("total").where(sql`status = 'open'`)],
 * }) {}
 * ```
 */
export function index(...keys: readonly IndexKeyInput[]): Index {
  return new Index({
    name: null,
    method: null,
    unique: false,
    nullsNotDistinct: false,
    keys: keys.map(indexKey),
    include: [],
    where: null,
    with: {},
    tablespace: null,
    statistics: {},
    comment: null,
  });
}

function indexKey(input: IndexKeyInput): IndexKeySpec {
  if (typeof input === "string") {
    const descending = input.startsWith("-");
    return indexKey({ field: descending ? input.slice(1) : input, descending });
  }
  if (isSql(input)) return indexKey({ expression: input });
  return {
    field: input.field ?? null,
    expression: input.expression ?? null,
    descending: input.descending ?? false,
    nulls: input.nulls ?? null,
    opclass: path(input.opclass),
    opclassOptions: input.opclassOptions ?? {},
    collation: path(input.collation),
  };
}

function path(name: string | readonly string[] | undefined): readonly string[] | null {
  return name === undefined ? null : typeof name === "string" ? [name] : name;
}

/** Settings of the index behind a constraint. */
export interface ConstraintIndexOptions {
  /** Its storage parameters, such as `fillfactor`. */
  readonly storage?: Readonly<Record<string, string | number | boolean>>;
  /** Its tablespace. */
  readonly tablespace?: string;
  /** Its own comment in the database. */
  readonly indexComment?: string;
}

/** Options of a unique constraint or a named primary key. */
export interface KeyOptions extends ConstraintIndexOptions {
  /** The constraint's name; default: PostgreSQL's own choice. */
  readonly name?: string;
  /** Columns that its index stores beside the keys, by property. */
  readonly include?: readonly string[];
  /** True lets NULL occur once only. */
  readonly nullsNotDistinct?: boolean;
  /** True for WITHOUT OVERLAPS on the last field (18). */
  readonly withoutOverlaps?: boolean;
  /** When it is checked; default: at once, not deferrable. */
  readonly deferrable?: Exclude<Deferrable, null>;
  /** Its comment in the database. */
  readonly comment?: string;
}

/**
 * Declares a unique constraint over one or more properties.
 *
 * @example
 * ```ts
 * import { integer, model, unique } from "@matrx/orm";
 *
 * class Seat extends model("seats", { row: integer(), number: integer() }, {
 *   constraints: [unique(["row", "number"], { deferrable: "initially deferred" })],
 * }) {}
 * ```
 */
export function unique(fields: readonly string[], options: KeyOptions = {}): ConstraintSpec {
  return keySpec("unique", fields, options);
}

/**
 * Declares a primary key that has a name, INCLUDE columns or is deferrable. A single column may say
 * `.primaryKey()` as well, so that its type is known as the key's.
 *
 * @example
 * ```ts
 * import { integer, model, primaryKey } from "@matrx/orm";
 *
 * class Seat extends model("seats", { row: integer(), number: integer() }, {
 *   constraints: [primaryKey(["row", "number"], { name: "seats_key" })],
 * }) {}
 * console.log(Seat.meta.primaryKey.length); // 2
 * ```
 */
export function primaryKey(fields: readonly string[], options: KeyOptions = {}): ConstraintSpec {
  return keySpec("primary", fields, options);
}

function keySpec(
  type: "primary" | "unique",
  fields: readonly string[],
  options: KeyOptions,
): ConstraintSpec {
  return {
    type,
    name: options.name ?? null,
    fields,
    include: options.include ?? [],
    nullsNotDistinct: options.nullsNotDistinct ?? false,
    withoutOverlaps: options.withoutOverlaps ?? false,
    deferrable: options.deferrable ?? null,
    index: constraintIndex(options),
    comment: options.comment ?? null,
  };
}

function constraintIndex(options: ConstraintIndexOptions): ConstraintIndexSpec {
  return {
    storage: options.storage ?? {},
    tablespace: options.tablespace ?? null,
    comment: options.indexComment ?? null,
  };
}

/** Options of a check constraint. */
export interface CheckOptions {
  /** The constraint's name; default: PostgreSQL's own choice. */
  readonly name?: string;
  /** True for NO INHERIT. */
  readonly noInherit?: boolean;
  /** True for NOT VALID. */
  readonly notValid?: boolean;
  /** Its comment in the database. */
  readonly comment?: string;
}

/**
 * Declares a check constraint.
 *
 * @example
 * ```ts
 * import { check, integer, model, sql } from "@matrx/orm";
 *
 * class Line extends model("lines", { quantity: integer() }, {
 *   constraints: [check(sql`quantity > 0`, { name: "lines_quantity_is_positive" })],
 * }) {}
 * ```
 */
export function check(expression: Sql, options: CheckOptions = {}): ConstraintSpec {
  return {
    type: "check",
    name: options.name ?? null,
    expression,
    noInherit: options.noInherit ?? false,
    notValid: options.notValid ?? false,
    comment: options.comment ?? null,
  };
}

/**
 * Declares any other constraint (exclusion, temporal keys) by its definition in SQL.
 *
 * @example
 * ```ts
 * import { constraint, integer, model, sql, tstzrange } from "@matrx/orm";
 *
 * class Stay extends model("stays", { room: integer(), during: tstzrange() }, {
 *   constraints: [constraint("one_guest", sql`exclude using gist (room with =, during with &&)`)],
 * }) {}
 * ```
 */
export function constraint(
  name: string,
  definition: Sql,
  options: ConstraintIndexOptions & { readonly comment?: string } = {},
): ConstraintSpec {
  return {
    type: "raw",
    name,
    definition,
    index: constraintIndex(options),
    comment: options.comment ?? null,
  };
}
