/** Two independent views of a schema's content: counts by kind, and the information schema's names. */
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { CatalogObject, ObjectOf } from "../../src/catalog/types.ts";
import type { Driver } from "../../src/driver/port.ts";

/**
 * Counts as schemas/index.json has them: of tables alone (partitions are tables, a partitioned table
 * is counted apart), without what extensions brought and without keys and indexes that partitions inherit.
 */
export function countsOf(catalog: Catalog): Record<string, number> {
  const own = <T extends CatalogObject>(objects: readonly T[]) =>
    objects.filter((object) => object.extension === null);
  const tables = own(objectsOf(catalog, "table"));
  const isTable = new Set(tables.map((table) => JSON.stringify([table.schema, table.name])));
  const columns = own(objectsOf(catalog, "column"))
    .filter((column) => isTable.has(JSON.stringify([column.schema, column.table])));
  const constraints = own(objectsOf(catalog, "constraint"));
  const indexes = own(objectsOf(catalog, "index")).filter((index) => index.parent === null);
  const constraintsOf = (type: string) =>
    constraints.filter((c) => c.type === type && c.local).length;
  const clustered = [...tables, ...own(objectsOf(catalog, "materialized view"))];
  return {
    schema: own(objectsOf(catalog, "schema")).length,
    extension: objectsOf(catalog, "extension").filter(({ name }) => name !== "plpgsql").length,
    table: tables.filter((table) => table.partitionBy === null).length,
    partitioned_table: tables.filter((table) => table.partitionBy !== null).length,
    partition: tables.filter((table) => table.partitionOf !== null).length,
    inheritance: tables.reduce((sum, table) => sum + table.inherits.length, 0),
    rls_flag: tables.filter((table) => table.rowSecurity.enabled).length,
    cluster_on: clustered.filter((relation) => relation.clusterOn !== null).length,
    column: columns.length,
    column_order: tables.length,
    default: columns.filter((column) => column.default !== null).length,
    generated_column: columns.filter((column) => column.generated !== null).length,
    identity: columns.filter((column) => column.identity !== null).length,
    primary_key: constraintsOf("primary"),
    unique: constraintsOf("unique"),
    foreign_key: constraintsOf("foreign"),
    check: constraintsOf("check"),
    index: indexes.length,
    index_partial: indexes.filter((index) => index.where !== null).length,
    index_expr: indexes.filter((index) => index.keys.some((key) => key.column === null)).length,
    index_nonbtree: indexes.filter((index) => index.method !== "btree").length,
    sequence: own(objectsOf(catalog, "sequence")).length,
    enum: own(objectsOf(catalog, "enum")).length,
    domain: own(objectsOf(catalog, "domain")).length,
    composite_type: own(objectsOf(catalog, "composite")).length,
    range_type: own(objectsOf(catalog, "range")).length,
    view: own(objectsOf(catalog, "view")).length,
    materialized_view: own(objectsOf(catalog, "materialized view")).length,
    function: own(objectsOf(catalog, "function")).length +
      own(objectsOf(catalog, "procedure")).length,
    aggregate: own(objectsOf(catalog, "aggregate")).length,
    trigger: own(objectsOf(catalog, "trigger")).length,
  };
}

/** The names that the information schema has too, as sorted text. */
export type Names = Readonly<Record<"relations" | "columns" | "keys" | "indexes", string[]>>;

const text = (...parts: readonly unknown[]) => JSON.stringify(parts);

/** The names of a catalog. */
export function namesOf(catalog: Catalog): Names {
  const constraints = objectsOf(catalog, "constraint");
  const relations = [
    ...objectsOf(catalog, "table"),
    ...objectsOf(catalog, "view"),
    ...objectsOf(catalog, "materialized view"),
  ];
  const behind = constraints.filter((c) =>
    c.type === "primary" || c.type === "unique" || c.type === "exclusion"
  );
  const materialized = new Set(
    objectsOf(catalog, "materialized view").map((o) => text(o.schema, o.name)),
  );
  // The information schema lets the NOT NULL of a domain speak for its columns.
  const strict = new Set(
    objectsOf(catalog, "domain").filter((o) => o.notNull).map((o) => text(o.schema, o.name)),
  );
  const notNull = ({ notNull, type }: ObjectOf<"column">) =>
    notNull || type.dimensions === 0 && strict.has(text(type.schema, type.name));
  return {
    relations: relations.map((o) => text(o.schema, o.name)).sort(),
    columns: objectsOf(catalog, "column").filter((o) => !materialized.has(text(o.schema, o.table)))
      .map((o) => text(o.schema, o.table, o.name, notNull(o))).sort(),
    keys: constraints
      .filter(({ type }) => type === "primary" || type === "unique" || type === "foreign")
      .map((o) => text(o.schema, o.table, o.name)).sort(),
    indexes: [...objectsOf(catalog, "index"), ...behind]
      .map((o) => text(o.schema, o.table, o.name)).sort(),
  };
}

/** The same names as the information schema, and pg_matviews and pg_indexes, give them. */
export async function informationSchema(driver: Driver): Promise<Names> {
  const read = async (select: string, schema: string) => {
    const result = await driver.query({
      text: `${select} where ${schema} not in ('pg_catalog', 'information_schema')`,
      params: [],
    });
    return result.rows.map((row) =>
      text(...row.map((value) => value === "YES" || value === "NO" ? value === "NO" : value))
    );
  };
  const relations = [
    ...await read("select table_schema, table_name from information_schema.tables", "table_schema"),
    ...await read("select schemaname, matviewname from pg_matviews", "schemaname"),
  ];
  const columns = `select table_schema, table_name, column_name, is_nullable
    from information_schema.columns`;
  const keys = `select distinct table_schema, table_name, constraint_name
    from (select * from information_schema.table_constraints
      where constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')) k`;
  return {
    relations: relations.sort(),
    columns: (await read(columns, "table_schema")).sort(),
    keys: (await read(keys, "table_schema")).sort(),
    indexes: (await read("select schemaname, tablename, indexname from pg_indexes", "schemaname"))
      .sort(),
  };
}
