import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type {
  ConstraintObject,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import type {
  ColumnObject,
  IndexObject,
  MaterializedViewObject,
  TableObject,
  ViewObject,
} from "../../src/catalog/types.ts";
import { groupBy } from "../../src/util/group_by.ts";
import type { QualifiedName, Settings } from "../options.ts";

/** A relation of the database that gets a model. */
export type Relation = TableObject | ViewObject | MaterializedViewObject;

/** A table or view with everything that the catalog holds about it. */
export interface Source {
  readonly object: Relation;
  /** In the table's order. */
  readonly columns: readonly ColumnObject[];
  /** Sorted by name; those that come from a parent are left out. */
  readonly constraints: readonly ConstraintObject[];
  /** Sorted by name. */
  readonly indexes: readonly IndexObject[];
  /** Sorted by schema and name. */
  readonly partitions: readonly Partition[];
}

/** A partition and its own partitions. */
export interface Partition {
  readonly object: TableObject;
  /** The names of its columns in its order. */
  readonly columns: readonly string[];
  readonly partitions: readonly Partition[];
}

/** Names a table or view in a map. */
export function keyOf(name: QualifiedName): string {
  return identity("table", [name.schema, name.name]);
}

/** Compares texts by code unit, so that the order is the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares qualified names: schema `public` first, then by schema and name. */
export function compareNames(a: QualifiedName, b: QualifiedName): number {
  return Number(b.schema === "public") - Number(a.schema === "public") ||
    compareText(a.schema, b.schema) || compareText(a.name, b.name);
}

/** Gathers the tables and views that get models, in the order of their names. */
export function sourcesOf(catalog: Catalog, settings: Settings): Source[] {
  const out = new Set(settings.leaveOut.map(keyOf));
  const tables = objectsOf(catalog, "table");
  const relations: Relation[] = [
    ...tables.filter((table) => table.partitionOf === null),
    ...objectsOf(catalog, "view"),
    ...objectsOf(catalog, "materialized view"),
  ];
  const columns = grouped(objectsOf(catalog, "column"));
  const constraints = grouped(objectsOf(catalog, "constraint"));
  const indexes = grouped(objectsOf(catalog, "index"));
  const partitions = groupBy(
    tables.filter((table) => table.partitionOf !== null),
    (table) => keyOf({ schema: table.partitionOf!.schema, name: table.partitionOf!.table }),
  );
  return relations
    .filter((object) => object.extension === null && !out.has(keyOf(object)))
    .sort(compareNames)
    .map((object) => {
      const key = keyOf(object);
      return {
        object,
        columns: (columns.get(key) ?? []).toSorted((a, b) => a.position - b.position),
        constraints: (constraints.get(key) ?? []).filter((one) => one.local).sort(byName),
        indexes: (indexes.get(key) ?? []).toSorted(byName),
        partitions: partitionsOf(key, partitions, columns),
      };
    });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

function grouped<Item extends { readonly schema: string; readonly table: string }>(
  items: readonly Item[],
): Map<string, Item[]> {
  return groupBy(items, (item) => keyOf({ schema: item.schema, name: item.table }));
}

function partitionsOf(
  parent: string,
  all: ReadonlyMap<string, TableObject[]>,
  columns: ReadonlyMap<string, ColumnObject[]>,
): Partition[] {
  return (all.get(parent) ?? []).toSorted(compareNames).map((object) => ({
    object,
    columns: (columns.get(keyOf(object)) ?? []).toSorted((a, b) => a.position - b.position)
      .map((column) => column.name),
    partitions: partitionsOf(keyOf(object), all, columns),
  }));
}

/** The table's primary key, or undefined. */
export function primaryKeyOf(source: Source): KeyConstraint | undefined {
  return source.constraints.find((one): one is KeyConstraint => one.type === "primary");
}

/** The table's foreign keys, by name. */
export function foreignKeysOf(source: Source): ForeignConstraint[] {
  return source.constraints.filter((one): one is ForeignConstraint => one.type === "foreign");
}

/** Whether two lists hold the same names in the same order. */
export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Whether two lists hold the same names in any order. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return sameList([...new Set(a)].sort(compareText), [...new Set(b)].sort(compareText));
}
