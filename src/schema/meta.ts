import { shownName } from "../errors/argument.ts";
import type { TypeRef } from "../catalog/type_ref.ts";
import { cacheLife } from "../cache/policy.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { ConfigurationError, FieldError, ValidationError } from "../errors/base.ts";
import { snakeCase } from "../util/casing.ts";
import { meant } from "../util/nearest.ts";
import { isField } from "./foreign_key.ts";
import type { ModelShape } from "./infer.ts";
import { checkOptions } from "./known_options.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";
import { Relation } from "./relation.ts";
import { RESERVED_NAMES } from "./reserved.ts";
import type { ConstraintSpec, FieldSpec, IndexSpec, RelationSpec } from "./spec.ts";

/** What kind of relation of the database a model stands for. */
export type ModelKind = "table" | "view" | "materialized view";

/**
 * A column of a model.
 *
 * @example
 * ```ts
 * import { ColumnMeta, integer, model, timestamptz } from "@matrx/orm";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), madeAt: timestamptz() }) {}
 * const columns: readonly ColumnMeta[] = Note.meta.columns;
 * for (const { property, name } of columns) console.log(property, name); // id id, madeAt made_at
 * ```
 */
export class ColumnMeta {
  /** The property in code. */
  readonly property: string;
  /** The column in the database. */
  readonly name: string;
  /** What its declaration says. */
  readonly spec: FieldSpec;
  #key: ColumnMeta | null = null;

  /** Makes a column from its declaration. */
  constructor(property: string, spec: FieldSpec) {
    this.property = property;
    this.name = spec.column ?? snakeCase(property);
    this.spec = spec;
  }

  /** Whether a write may give its value. */
  get writable(): boolean {
    return this.spec.generated === null && this.spec.identity?.generation !== "always";
  }

  /** Reads and writes its values; of a foreign key without a type of its own, that of the key it references. */
  get codec(): AnyCodec {
    return this.spec.codec ?? this.#referenced().codec;
  }

  /** Its type; of a foreign key without one of its own, that of the key it references. */
  get type(): TypeRef {
    return this.spec.type ?? this.#referenced().type;
  }

  /** What its values are; of a foreign key without a type of its own, those of the key it references. */
  get values(): FieldSpec {
    return this.spec.codec === null ? this.#referenced().values : this.spec;
  }

  /** Writes a value as the text that is sent; null stays null. */
  encode(value: unknown): string | null {
    if (value === null) return null;
    try {
      return this.codec.encode(value);
    } catch (error) {
      throw error instanceof ValidationError ? this.#refused(error) : error;
    }
  }

  /**
   * Writes a value that the row shall have: as `encode` does, after the column's schema was asked.
   *
   * @throws {ValidationError} the value breaks the schema, or cannot be of the column's type
   */
  write(value: unknown): string | null {
    const { check } = this.spec;
    if (check === undefined || value === null) return this.encode(value);
    try {
      return this.encode(check(value));
    } catch (error) {
      if (!(error instanceof ValidationError) || error.issues.length === 0) throw error;
      throw this.#refused(error);
    }
  }

  /** Says which field a value was refused for. */
  #refused(error: ValidationError): ValidationError {
    return new ValidationError(`${error.message} (field "${this.property}")`, {
      code: error.code,
      hint: error.hint,
      context: { ...error.context, field: this.property },
      issues: error.issues.map((one) => ({ ...one, path: [this.property, ...one.path] })),
      cause: error,
    });
  }

  #referenced(): ColumnMeta {
    if (this.#key !== null) return this.#key;
    const reference = this.spec.reference;
    if (reference === null) {
      throw new ConfigurationError(`Cannot tell the type of ${this.property}`, {
        code: "unknown_field_type",
        hint: "Declare the column with a field factory such as text() or uuid()",
      });
    }
    const target = metaOf(reference.target());
    const toField = reference.options.toField;
    this.#key = toField === undefined ? target.singleKey() : target.column(toField);
    return this.#key;
  }
}

/**
 * The declaration of a model as data: what the engine and the generators read.
 *
 * @example
 * ```ts
 * import { integer, model, ModelMeta, text } from "@matrx/orm";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const meta: ModelMeta = Note.meta;
 * console.log(meta.table, meta.primaryKey.length, meta.columns.length); // notes 1 2
 * ```
 */
export class ModelMeta {
  /** The table or view. */
  readonly table: string;
  /** Its schema; null lets the search path decide. */
  readonly schema: string | null;
  /** The registered database; null = the default one. */
  readonly database: string | null;
  /** What it is in the database. */
  readonly kind: ModelKind;
  /** The columns in the order of their declaration. */
  readonly columns: readonly ColumnMeta[];
  /** The columns of the primary key; empty when there is none. */
  readonly primaryKey: readonly ColumnMeta[];
  /** The version counter of the optimistic lock, if any. */
  readonly version: ColumnMeta | null;
  /** The time at which a row was deleted, where a delete only marks it. */
  readonly softDelete: ColumnMeta | null;
  /** How long its rows may be cached, in ms; 0 = not at all, null = as its database says. */
  readonly cacheLife: number | null;
  /** The relations that are not columns, by property. */
  readonly relations: ReadonlyMap<string, RelationSpec>;
  /** The declared indexes. */
  readonly indexes: readonly IndexSpec[];
  /** The declared constraints beyond those of single columns. */
  readonly constraints: readonly ConstraintSpec[];
  /** Every option as it was given. */
  readonly options: ModelOptions;
  readonly #byProperty: ReadonlyMap<string, ColumnMeta>;

  /** Reads a declaration; use `model()` instead. */
  constructor(kind: ModelKind, table: string, shape: ModelShape, options: ModelOptions) {
    if (table === "") {
      throw new ConfigurationError("Cannot define a model without a table name", {
        code: "invalid_model",
        hint: 'Give the table\'s name first: model("orders", { ... })',
      });
    }
    checkOptions(`The model of "${table}"`, options, MODEL_OPTIONS);
    this.table = table;
    this.schema = options.schema === undefined ? "public" : options.schema;
    this.database = options.database ?? null;
    this.kind = kind;
    this.options = options;
    this.indexes = (options.indexes ?? []).map((index) => index.spec);
    this.constraints = options.constraints ?? [];
    const columns: ColumnMeta[] = [];
    const relations = new Map<string, RelationSpec>();
    for (const [property, member] of Object.entries(shape)) {
      checkProperty(table, property);
      if (isField(member)) columns.push(new ColumnMeta(property, member.spec));
      else if (member instanceof Relation) relations.set(property, member.spec);
      else throw invalidMember(table, property);
    }
    this.columns = columns;
    this.relations = relations;
    this.#byProperty = new Map(columns.map((column) => [column.property, column]));
    checkColumnNames(table, columns);
    this.primaryKey = this.#findPrimaryKey(options);
    this.version = columns.find((column) => column.spec.version) ?? null;
    this.softDelete = softDeleteColumn(this);
    this.cacheLife = cacheLife(options, this.label);
    Object.freeze(this);
  }

  /** The name for messages: `public.orders`. */
  get label(): string {
    return this.schema === null ? this.table : `${this.schema}.${this.table}`;
  }

  /** The column behind a property, or undefined. */
  findColumn(property: string): ColumnMeta | undefined {
    return this.#byProperty.get(property);
  }

  /**
   * The column behind a property.
   *
   * @throws {FieldError} the model has no such column
   */
  column(property: string): ColumnMeta {
    const found = this.#byProperty.get(property);
    if (found === undefined) throw this.unknownField(property);
    return found;
  }

  /** The only column of the primary key. */
  singleKey(): ColumnMeta {
    const [key, ...rest] = this.primaryKey;
    if (key === undefined || rest.length > 0) {
      throw new ConfigurationError(
        `Cannot reference ${this.label} by one column: its primary key has ${this.primaryKey.length}`,
        {
          code: "no_single_key",
          hint: "Say which column with toField, or declare a compositeForeignKey",
        },
      );
    }
    return key;
  }

  /** The properties that are relations, foreign-key columns included. */
  relationNames(): string[] {
    const keys = this.columns.filter((column) => column.spec.reference !== null);
    return [...keys.map((column) => column.property), ...this.relations.keys()];
  }

  /** An error that names the nearest property that exists, or name that a query gave. */
  unknownField(property: string, named: Iterable<string> = []): FieldError {
    if (this.relations.has(property)) return this.#relationAsField(property);
    const names = [...this.#byProperty.keys(), ...this.relations.keys(), ...named];
    return new FieldError(`${this.label} has no field "${shownName(property)}"`, {
      code: "unknown_field",
      // a name from outside may be anything
      hint: meant(property, names, `Its fields are ${names.join(", ")}`),
      context: { model: this.label, field: property },
    });
  }

  #relationAsField(property: string): FieldError {
    return new FieldError(`"${property}" of ${this.label} is a relation, not a field`, {
      code: "unknown_field",
      hint: `Load it with prefetchRelated({ ${property}: true }); filter by its rows in filter()`,
      context: { model: this.label, field: property },
    });
  }

  #findPrimaryKey(options: ModelOptions): ColumnMeta[] {
    const declared = this.columns.filter((column) => column.spec.primaryKey);
    const constraint = this.constraints.find((one) => one.type === "primary");
    const listed = options.primaryKey ??
      (constraint?.type === "primary" ? constraint.fields : undefined);
    if (listed === undefined) return declared;
    const isSame = constraint !== undefined && options.primaryKey === undefined &&
      declared.length === 1 && listed.length === 1 && declared[0]!.property === listed[0];
    if (declared.length > 0 && !isSame) {
      throw new ConfigurationError(
        `Cannot define ${this.label}: its primary key is declared twice, on ${
          declared.map((column) => column.property).join(", ")
        } and in the options`,
        { code: "invalid_model", hint: "Keep one of the two" },
      );
    }
    return listed.map((property) => this.column(property));
  }
}

function checkProperty(table: string, property: string): void {
  if (!RESERVED_NAMES.has(property)) return;
  throw new ConfigurationError(
    `Cannot define the model of "${table}": the property "${property}" is a reserved name`,
    {
      code: "reserved_name",
      hint: `Name the property otherwise and keep the column: ${property}_: text().column("${
        snakeCase(property)
      }")`,
    },
  );
}

function invalidMember(table: string, property: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot define the model of "${table}": "${property}" is neither a field nor a relation`,
    { code: "invalid_model", hint: "Use a factory such as text(), foreignKey() or manyToMany()" },
  );
}

function checkColumnNames(table: string, columns: readonly ColumnMeta[]): void {
  const seen = new Map<string, string>();
  for (const column of columns) {
    const other = seen.get(column.name);
    if (other !== undefined) {
      throw new ConfigurationError(
        `Cannot define the model of "${table}": the properties "${other}" and "${column.property}" both name the column "${column.name}"`,
        { code: "invalid_model", hint: 'Name one of the columns with .column("...")' },
      );
    }
    seen.set(column.name, column.property);
  }
}

/** The property that `softDelete: true` means. */
const USUAL = "deletedAt";

const TIMES: ReadonlySet<string> = new Set(["timestamptz", "timestamp"]);

/**
 * The column that tells when a row was deleted; null when the model deletes its rows for good.
 *
 * @throws {FieldError} the model has no such field
 * @throws {ConfigurationError} the field is no timestamp that may be NULL
 */
function softDeleteColumn(meta: ModelMeta): ColumnMeta | null {
  const { softDelete } = meta.options;
  if (softDelete === undefined) return null;
  const found = meta.column(softDelete === true ? USUAL : softDelete);
  const { spec: { nullable, type } } = found;
  if (found.writable && nullable && type !== null && TIMES.has(type.name)) return found;
  throw new ConfigurationError(
    `Cannot define ${meta.label}: "${found.property}" cannot tell when a row was deleted`,
    { code: "invalid_model", hint: `Declare it as ${found.property}: timestamptz().nullable()` },
  );
}

/** A model class, seen from the outside: a constructor with its declaration. */
export interface ModelRef {
  /** The declaration as data. */
  readonly meta: ModelMeta;
  /** What its instances inherit. */
  readonly prototype: object;
}

/**
 * The declaration of a model class.
 *
 * @throws {ConfigurationError} the value is not a model class
 */
export function metaOf(model: unknown): ModelMeta {
  if (typeof model === "function" && "meta" in model && model.meta instanceof ModelMeta) {
    return model.meta;
  }
  throw new ConfigurationError("A relation's target is not a model class", {
    code: "invalid_relation_target",
    hint: "Give a thunk that returns the class: () => Customer",
  });
}
