import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { filterTables } from "../../src/catalog/filter.ts";
import { ConfigurationError } from "../../src/errors/base.ts";

/** Which tables and views are looked at: at most one of the two lists. */
export interface TableFilterOptions {
  /** These alone: `name` or `schema.name`, `*` for any characters. */
  readonly include?: readonly string[] | undefined;
  /** All but these. */
  readonly exclude?: readonly string[] | undefined;
}

/**
 * A choice of tables, which tells of foreign keys that lead out of it.
 *
 * @example
 * ```ts
 * import { integer, model } from "@matrx/orm";
 * import { TableFilter, toCatalog } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey() }) {}
 * class Log extends model("logs", { id: integer().primaryKey() }) {}
 * const kept = new TableFilter({ exclude: ["log*"] }).apply(toCatalog([Note, Log]));
 * console.log([...kept.objects.values()].filter(({ kind }) => kind === "table").length); // 1
 * ```
 */
export class TableFilter {
  readonly #options: TableFilterOptions;
  readonly #told = new Set<string>();

  /**
   * Takes one of the two lists.
   *
   * @throws {ConfigurationError} both are given
   */
  constructor(options: TableFilterOptions = {}) {
    if (options.include !== undefined && options.exclude !== undefined) {
      throw new ConfigurationError("Cannot include and exclude tables at the same time", {
        code: "conflicting_options",
        hint: "Give one of the two lists",
      });
    }
    this.#options = options;
  }

  /** The tables that are looked at alone; undefined = all but those that are left out. */
  get include(): readonly string[] | undefined {
    return this.#options.include;
  }

  /** The tables that are left out. */
  get exclude(): readonly string[] | undefined {
    return this.#options.exclude;
  }

  /**
   * Leaves of a catalog what is looked at. `onWarning` hears once of each table that references one
   * which is left out.
   *
   * @throws {ConfigurationError} a name matches nothing
   */
  apply(catalog: Catalog, onWarning: (line: string) => void = () => {}): Catalog {
    const kept = filterTables(catalog, this.#options);
    const tables = new Set(objectsOf(kept, "table").map((one) => nameOf(one.schema, one.name)));
    for (const one of objectsOf(kept, "constraint")) {
      if (one.type !== "foreign") continue;
      const from = nameOf(one.schema, one.table);
      const to = nameOf(one.references.schema, one.references.table);
      const pair = `${from} ${to}`;
      if (tables.has(to) || this.#told.has(pair)) continue;
      this.#told.add(pair);
      onWarning(`${from} references ${to}, which is left out`);
    }
    return kept;
  }
}

function nameOf(schema: string, name: string): string {
  return `${schema}.${name}`;
}
