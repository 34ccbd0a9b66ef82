/** What a diagram shows of a catalog: tables, their columns, and the foreign keys between them. */
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { groupBy } from "../../src/util/group_by.ts";
import { keyOf } from "../sources/source.ts";
import type { ColumnObject, ObjectOf, TableObject } from "../../src/catalog/types.ts";

/** A column of a table in a diagram. */
export interface EntityColumn {
  readonly name: string;
  /** The type as PostgreSQL prints it. */
  readonly type: string;
  readonly primary: boolean;
  readonly foreign: boolean;
  /** Whether it is unique by itself, other than as the primary key. */
  readonly unique: boolean;
  readonly notNull: boolean;
  readonly comment: string | null;
}

/** A table or view in a diagram. */
export interface Entity {
  /** `e` and a number: unique in the diagram, safe as an id in any format. */
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view" | "materialized view";
  readonly comment: string | null;
  readonly columns: readonly EntityColumn[];
}

/** A foreign key in a diagram. */
export interface Link {
  readonly name: string;
  /** The table that has the key, by id. */
  readonly from: string;
  readonly columns: readonly string[];
  /** The table that it references, by id. */
  readonly to: string;
  readonly references: readonly string[];
  /** Whether a referencing row may have none. */
  readonly optional: boolean;
  /** Whether at most one row references another. */
  readonly single: boolean;
}

/** The content of a diagram. */
export interface Entities {
  readonly entities: readonly Entity[];
  readonly links: readonly Link[];
}

/** Which columns a diagram shows. */
export type ShownColumns = "all" | "keys" | "none";

type Relation = ObjectOf<"table" | "view" | "materialized view">;
type Constraint = ObjectOf<"constraint">;

/** Reads the content of a diagram out of a catalog. Partitions are left out: their parent stands for them. */
export function entitiesOf(catalog: Catalog, columns: ShownColumns, views: boolean): Entities {
  const relations: Relation[] = [
    ...objectsOf(catalog, "table").filter(isShown),
    ...(views ? objectsOf(catalog, "view") : []),
    ...(views ? objectsOf(catalog, "materialized view") : []),
  ].filter(({ extension }) => extension === null);
  const ids = new Map(relations.map((one, index) => [keyOf(one), `e${index}`]));
  const idOf = (schema: string, table: string) => ids.get(keyOf({ schema, name: table }));
  const constraints = byTable(objectsOf(catalog, "constraint"));
  const columnsOf = byTable(objectsOf(catalog, "column"));

  const links = relations.flatMap(({ schema, name }) => {
    const own = constraints.get(keyOf({ schema, name })) ?? [];
    const named = columnsOf.get(keyOf({ schema, name })) ?? [];
    return own.flatMap((one) => linkOf(one, own, named, idOf) ?? []);
  });
  const entities = relations.map((one): Entity => {
    const key = keyOf(one);
    return {
      id: ids.get(key)!,
      schema: one.schema,
      name: one.name,
      kind: one.kind,
      comment: one.comment,
      columns: shownColumns(columnsOf.get(key) ?? [], constraints.get(key) ?? [], columns),
    };
  });
  return { entities, links };
}

function isShown(table: TableObject): boolean {
  return table.partitionOf === null && table.persistence !== "temporary";
}

function shownColumns(
  columns: readonly ColumnObject[],
  constraints: readonly Constraint[],
  shown: ShownColumns,
): EntityColumn[] {
  if (shown === "none") return [];
  const within = (type: Constraint["type"]) =>
    new Set(
      constraints.flatMap((one) => one.type === type && "columns" in one ? one.columns : []),
    );
  const primary = within("primary");
  const foreign = within("foreign");
  const unique = new Set(
    constraints.flatMap((one) =>
      one.type === "unique" && one.columns.length === 1 ? one.columns : []
    ),
  );
  return columns.toSorted((a, b) => a.position - b.position)
    .map((column) => ({
      name: column.name,
      type: column.formatted,
      primary: primary.has(column.name),
      foreign: foreign.has(column.name),
      unique: unique.has(column.name) && !primary.has(column.name),
      notNull: column.notNull,
      comment: column.comment,
    }))
    .filter((column) => shown === "all" || column.primary || column.foreign);
}

function linkOf(
  one: Constraint,
  own: readonly Constraint[],
  columns: readonly ColumnObject[],
  idOf: (schema: string, table: string) => string | undefined,
): Link | undefined {
  if (one.type !== "foreign") return undefined;
  const from = idOf(one.schema, one.table);
  const to = idOf(one.references.schema, one.references.table);
  if (from === undefined || to === undefined) return undefined;
  const keys = own.filter(({ type }) => type === "primary" || type === "unique");
  return {
    name: one.name,
    from,
    columns: one.columns,
    to,
    references: one.references.columns,
    optional: columns.some(({ name, notNull }) => !notNull && one.columns.includes(name)),
    single: keys.some((key) =>
      "columns" in key && key.columns.every((name) => one.columns.includes(name))
    ),
  };
}

function byTable<Item extends { readonly schema: string; readonly table: string }>(
  items: readonly Item[],
): Map<string, Item[]> {
  return groupBy(items, ({ schema, table }) => keyOf({ schema, name: table }));
}

/** The name of a table as a diagram shows it: the schema only where it is not `public`. */
export function titleOf({ schema, name }: Pick<Entity, "schema" | "name">): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** PostgreSQL's long names of types, and the short ones. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^public\./, ""],
  [/^character varying\b/, "varchar"],
  [/^character\b/, "char"],
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^timestamp(\(\d\))? without time zone/, "timestamp$1"],
  [/^time(\(\d\))? with time zone/, "timetz$1"],
  [/^time(\(\d\))? without time zone/, "time$1"],
  [/^double precision/, "float8"],
];

/** A type by its short name, as a diagram shows it. */
export function shortType(type: string): string {
  return SHORT.reduce((text, [long, short]) => text.replace(long, short), type);
}
