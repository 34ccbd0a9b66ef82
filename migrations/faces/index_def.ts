import type { IndexKey, IndexObject } from "../../src/catalog/types.ts";
import { ValidationError } from "../../src/errors/base.ts";

/** One key of an index: a column, or an expression in parentheses, with how it is ordered. */
export interface IndexDefKey {
  /** The column. */
  readonly column?: string | undefined;
  /** The expression, in parentheses; in place of a column. */
  readonly expression?: string | undefined;
  /** The operator class, `name` or `schema.name`; default: the one of the type. */
  readonly opclass?: string | undefined;
  /** Whether it is ordered downwards; default false. */
  readonly descending?: boolean | undefined;
  /** Where NULL is put; default: as PostgreSQL does, last, or first where it goes downwards. */
  readonly nulls?: "first" | "last" | undefined;
}

/** What an index is. */
export interface IndexDefOptions {
  /** Its name; default: that of the table and its columns with `_idx` behind. */
  readonly name?: string | undefined;
  /** Its columns, or keys. */
  readonly columns: readonly (string | IndexDefKey)[];
  /** Whether no two rows may be equal; default false. */
  readonly unique?: boolean | undefined;
  /** `btree` (default), `hash`, `gin`, `gist`, `brin`, `hnsw`, `ivfflat` or another one. */
  readonly method?: string | undefined;
  /** The predicate of a partial index. */
  readonly where?: string | undefined;
  /** The operator class of every key that names none. */
  readonly opclass?: string | undefined;
  /** Storage parameters: `{ m: 16, ef_construction: 64 }`. */
  readonly with?: Readonly<Record<string, string | number>> | undefined;
  /** Columns that are stored beside the keys. */
  readonly include?: readonly string[] | undefined;
}

/**
 * An index, as `DDLGenerator` takes it.
 *
 * @example
 * ```ts
 * import { DDLGenerator, IndexDef } from "@matrx/orm/migrations";
 *
 * const near = new IndexDef({
 *   columns: ["embedding"],
 *   method: "hnsw",
 *   opclass: "vector_cosine_ops",
 *   with: { m: 16 },
 * });
 * console.log(new DDLGenerator().addIndex("notes", near));
 * ```
 */
export class IndexDef {
  readonly #options: IndexDefOptions;

  /**
   * Takes what the index is.
   *
   * @throws {ValidationError} it has no keys, or one that is neither a column nor an expression
   */
  constructor(options: IndexDefOptions) {
    const keys = options.columns.map((key) => typeof key === "string" ? { column: key } : key);
    const odd = keys.some(({ column, expression }) => (column ?? "") === "" && !expression);
    if (keys.length === 0 || odd) {
      throw new ValidationError("An index needs a column or an expression for each key", {
        code: "invalid_index",
        hint: 'Write columns: ["name"], or [{ expression: "(lower(name))" }]',
      });
    }
    this.#options = options;
  }

  /** The name that it has on a table. */
  nameOn(table: string): string {
    const { name, columns } = this.#options;
    const parts = columns.map((key) => (typeof key === "string" ? key : key.column) ?? "expr");
    return name ?? `${table}_${parts.join("_")}_idx`;
  }

  /** The object of a catalog that it stands for on a table. */
  on(schema: string, table: string): IndexObject {
    const { columns, unique, method, where, include, with: storage = {} } = this.#options;
    return {
      kind: "index",
      schema,
      table,
      name: this.nameOn(table),
      method: method ?? "btree",
      unique: unique ?? false,
      nullsNotDistinct: false,
      keys: columns.map((key) => this.#key(typeof key === "string" ? { column: key } : key)),
      include: include ?? [],
      where: where ?? null,
      storage: Object.fromEntries(
        Object.entries(storage).map(([name, value]) => [name, String(value)]),
      ),
      tablespace: null,
      valid: true,
      parent: null,
      statistics: {},
      definition: "",
      comment: null,
      extension: null,
    };
  }

  #key({ column, expression, opclass, descending = false, nulls }: IndexDefKey): IndexKey {
    const named = opclass ?? this.#options.opclass;
    const [name, schema] = named === undefined ? [] : named.split(".").reverse();
    return {
      column: column ?? null,
      expression: column === undefined ? expression ?? null : null,
      opclass: name === undefined ? null : { schema: schema ?? "", name },
      opclassOptions: {},
      collation: null,
      descending,
      nulls: nulls ?? (descending ? "first" : "last"),
    };
  }
}
