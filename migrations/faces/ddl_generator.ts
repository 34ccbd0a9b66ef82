import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type {
  ConstraintObject,
  ForeignConstraint,
  ReferentialAction,
} from "../../src/catalog/constraints.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { alterStatements, createStatements, dropStatements } from "../ddl/ddl.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import { renameStatements } from "../ddl/ddl.ts";
import { retype } from "../ddl/column_type.ts";
import { ident } from "../ddl/quote.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import { toCatalog } from "../declare/to_catalog.ts";
import { buildScript } from "../plan/plan.ts";
import type { IndexDef } from "./index_def.ts";
import {
  type ColumnDef,
  columnObject,
  foreignObject,
  rawConstraint,
  tableObject,
} from "./objects.ts";

/** What is changed of a column. */
export interface ColumnChange {
  /** Its new name; the other changes speak of it. */
  readonly rename?: string | undefined;
  /** Its new type. */
  readonly type?: string | undefined;
  /** How its values become those of the new type; default: a cast. */
  readonly using?: string | undefined;
  /** Whether it always has a value. */
  readonly notNull?: boolean | undefined;
  /** The expression of its default; null takes the default away. */
  readonly default?: string | null | undefined;
}

/** How a foreign key behaves. */
export interface ForeignKeyOptions {
  /** Its name; default `fk_TABLE_COLUMN_TARGET_TARGETCOLUMN`. */
  readonly name?: string | undefined;
  /** What happens to rows whose target is deleted; default `no action`. */
  readonly onDelete?: ReferentialAction | undefined;
  /** What happens to rows whose target gets another key; default `no action`. */
  readonly onUpdate?: ReferentialAction | undefined;
}

/** How statements are written. */
export interface DDLGeneratorOptions {
  /** The schema of the tables; default `public`. */
  readonly schema?: string | undefined;
  /** Whether forms that let others go on working are preferred: CONCURRENTLY, NOT VALID; default false. */
  readonly safe?: boolean | undefined;
}

/**
 * Writes single statements of DDL: names are quoted, types and expressions are taken as they are.
 *
 * Each call gives SQL text of one command, or of several with semicolons between them, as the `execute`
 * of a migration takes it.
 *
 * @example
 * ```ts
 * import { DDLGenerator, type MigrationDb } from "@matrx/orm/migrations";
 *
 * const ddl = new DDLGenerator();
 * export async function up(db: MigrationDb): Promise<void> {
 *   await db.execute(ddl.addColumn("orders", { name: "note", type: "text" }));
 *   await db.execute(ddl.addForeignKey("orders", "customer_id", "customers"));
 * }
 * ```
 */
export class DDLGenerator {
  readonly #schema: string;
  readonly #safe: boolean;

  /** Takes where the tables are, and which forms are preferred. */
  constructor({ schema = "public", safe = false }: DDLGeneratorOptions = {}) {
    this.#schema = schema;
    this.#safe = safe;
  }

  /**
   * Makes the table of a model with all that the model declares, or a table of columns.
   *
   * @throws {ConfigurationError} the model cannot be declared
   */
  createTable(model: string | object, columns: readonly ColumnDef[] = []): string {
    if (typeof model !== "string") {
      return textOf(buildScript(toCatalog([model], { schema: this.#schema })).steps);
    }
    const table = tableObject(this.#schema, model);
    const own = columns.map((one, at) => this.#column(model, one, at + 1));
    const key = columns.filter(({ primaryKey }) => primaryKey === true).map(({ name }) => name);
    const constraints = key.length === 0 ? [] : [
      rawConstraint(this.#schema, model, `${model}_pkey`, "primary", key),
    ];
    const around = this.#around([table, ...own, ...constraints], own, constraints);
    return textOf(createStatements(table, around, null));
  }

  /** Drops a table; `cascade` takes along what depends on it. */
  dropTable(table: string, options: { readonly cascade?: boolean | undefined } = {}): string {
    const text = textOf(dropStatements(tableObject(this.#schema, table), this.#around([])));
    return options.cascade === true ? `${text} CASCADE` : text;
  }

  /** Gives a table another name. */
  renameTable(from: string, to: string): string {
    return textOf(
      renameStatements(tableObject(this.#schema, from), tableObject(this.#schema, to)) ?? [],
    );
  }

  /** Adds a column. */
  addColumn(table: string, column: ColumnDef): string {
    return textOf(createStatements(this.#column(table, column), this.#on(table), null));
  }

  /** Drops a column with its values. */
  dropColumn(table: string, column: string): string {
    const object = this.#column(table, { name: column, type: "text" });
    return textOf(dropStatements(object, this.#on(table)));
  }

  /** Changes a column: its name, its type, whether it may be NULL, its default. */
  alterColumn(table: string, column: string, change: ColumnChange): string {
    const name = change.rename ?? column;
    const around = this.#on(table);
    const type = change.type ?? "text";
    const object = (more: Partial<ColumnDef>): ColumnObject =>
      this.#column(table, { name, type, ...more });
    const steps: DdlStatement[] = [];
    if (name !== column) {
      steps.push(
        ...renameStatements(this.#column(table, { name: column, type }), object({})) ?? [],
      );
    }
    // a default is cast along only where it can be, so it goes first
    if (change.type !== undefined && change.default !== undefined) {
      steps.push(...alterStatements(object({ default: "NULL" }), object({}), around, null));
    }
    if (change.type !== undefined) {
      const using = ` USING ${change.using ?? `${ident(name)}::${type}`}`;
      steps.push(retype(object({ type: "text" }), object({}), around, using));
    }
    if (change.notNull !== undefined) {
      const [before, after] = [{ notNull: !change.notNull }, { notNull: change.notNull }];
      steps.push(...alterStatements(object(before), object(after), around, null));
    }
    if (change.default !== undefined && !(change.default === null && change.type !== undefined)) {
      const [from, to] = change.default === null
        ? [{ default: "NULL" }, {}]
        : [{}, { default: change.default }];
      steps.push(...alterStatements(object(from), object(to), around, null));
    }
    return textOf(steps);
  }

  /** Makes an index. */
  addIndex(table: string, index: IndexDef): string {
    return textOf(createStatements(index.on(this.#schema, table), this.#on(table), null));
  }

  /** Drops an index. */
  dropIndex(table: string, index: IndexDef | string): string {
    const name = typeof index === "string" ? index : index.nameOn(table);
    const object = {
      ...(typeof index === "string" ? NO_INDEX : index).on(this.#schema, table),
      name,
    };
    return textOf(dropStatements(object, this.#on(table)));
  }

  /** Adds a constraint: `addConstraint("orders", "total_is_positive", "CHECK (total >= 0)")`. */
  addConstraint(table: string, name: string, definition: string): string {
    const object = rawConstraint(this.#schema, table, name, "exclusion", [], definition);
    return textOf(createStatements(object, this.#on(table), null));
  }

  /** Drops a constraint. */
  dropConstraint(table: string, name: string): string {
    const object = rawConstraint(this.#schema, table, name, "exclusion", []);
    return textOf(dropStatements(object, this.#on(table)));
  }

  /** Adds a foreign key; `target` is a table of the same schema, or `schema.table`. */
  addForeignKey(
    table: string,
    column: string,
    target: string,
    targetColumn = "id",
    options: ForeignKeyOptions = {},
  ): string {
    const object = this.#foreign(table, column, target, targetColumn, options);
    return textOf(createStatements(object, this.#on(table), null));
  }

  /** Drops the foreign key that `addForeignKey` makes of the same values. */
  dropForeignKey(
    table: string,
    column: string,
    target: string,
    targetColumn = "id",
    options: Pick<ForeignKeyOptions, "name"> = {},
  ): string {
    const { name } = this.#foreign(table, column, target, targetColumn, options);
    return this.dropConstraint(table, name);
  }

  #foreign(
    table: string,
    column: string,
    target: string,
    targetColumn: string,
    options: ForeignKeyOptions,
  ): ForeignConstraint {
    const [name, schema = this.#schema] = target.split(".").reverse();
    return foreignObject({
      schema: this.#schema,
      table,
      name: options.name ?? `fk_${table}_${column}_${name}_${targetColumn}`,
      column,
      references: { schema, table: name!, columns: [targetColumn] },
      onDelete: options.onDelete ?? "no action",
      onUpdate: options.onUpdate ?? "no action",
    });
  }

  #column(table: string, column: ColumnDef, position = 1): ColumnObject {
    return columnObject(this.#schema, table, column, position);
  }

  /** A table that is there, with nobody's rows known. */
  #on(table: string): Surroundings {
    return this.#around([tableObject(this.#schema, table)]);
  }

  #around(
    objects: readonly (TableObject | ColumnObject | ConstraintObject)[],
    columns: readonly ColumnObject[] = [],
    constraints: readonly ConstraintObject[] = [],
  ): Surroundings {
    const catalog: Catalog = makeCatalog(180000, objects);
    return {
      catalog,
      before: catalog,
      safe: this.#safe,
      isOld: () => true,
      isTaken: () => false,
      columnsOf: () => columns,
      inlineOf: () => constraints,
      hasPartitions: () => false,
      goesAlone: () => false,
    };
  }
}

/** The index that a name alone stands for. */
const NO_INDEX: Pick<IndexDef, "on"> = {
  on: (schema, table) => ({
    ...{ kind: "index", schema, table, name: "", method: "btree", unique: false, keys: [] },
    ...{ nullsNotDistinct: false, include: [], where: null, storage: {}, tablespace: null },
    ...{ valid: true, parent: null, statistics: {}, definition: "", comment: null },
    extension: null,
  }),
};

function textOf(steps: readonly { readonly sql: string }[]): string {
  return steps.map(({ sql }) => sql).join(";\n");
}
