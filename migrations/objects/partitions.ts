import { type Catalog, makeCatalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { KeyConstraint } from "../../src/catalog/constraints.ts";
import { identity, identityOf } from "../../src/catalog/identity.ts";
import type {
  CatalogObject,
  ColumnObject,
  IndexObject,
  TableObject,
} from "../../src/catalog/types.ts";
import { columnsInName, indexColumnNames, madeName } from "../declare/names.ts";
import { diff } from "../diff/diff.ts";
import type { PartRename } from "../diff/hints.ts";
import { plan } from "../plan/plan.ts";
import type { Step } from "../plan/step.ts";

/**
 * The statements for what partitions have otherwise than their parents, which their models do not say:
 * defaults and comments of columns, names of indexes and keys.
 */
export function partitionSteps(catalog: Catalog): readonly Step[] {
  const partitions = objectsOf(catalog, "table").filter((table) => table.partitionOf !== null);
  if (partitions.length === 0) return [];
  const objects = new Map<string, CatalogObject>(catalog.objects);
  const renames: PartRename[] = [];
  const named = new Map<string, string>();
  const world = worldOf(catalog);
  for (const table of partitions) {
    for (const [id, usual] of usualParts(table, world)) {
      const { kind, schema, name: to } = objects.get(id)! as IndexObject | KeyConstraint;
      const made = identityOf(usual);
      const isTaken = made !== id && catalog.objects.has(made);
      objects.delete(id);
      objects.set(isTaken ? id : made, isTaken ? { ...usual, name: to } as CatalogObject : usual);
      if (made !== id && !isTaken && "name" in usual) {
        renames.push({ kind, schema, table: table.name, from: usual.name!, to });
        named.set(made, id);
      }
    }
  }
  const usual = makeCatalog(catalog.serverVersion, objects.values(), catalog.dependencies);
  const changes = diff(usual, catalog, { renames }, { owners: false });
  const { steps } = plan(changes, usual, catalog, { safe: false, owners: false });
  // a rename is told of the name before it
  return steps.map((step) => ({ ...step, object: named.get(step.object) ?? step.object }));
}

/** A catalog by what partitions look up in it. */
interface World {
  readonly catalog: Catalog;
  /** The parts of tables, by the table's identity. */
  readonly parts: ReadonlyMap<string, readonly CatalogObject[]>;
  /** Indexes by schema and name. */
  readonly indexes: ReadonlyMap<string, IndexObject>;
}

const tableId = (schema: string, name: string): string => identity("table", [schema, name]);

function worldOf(catalog: Catalog): World {
  const parts = new Map<string, CatalogObject[]>();
  const indexes = new Map<string, IndexObject>();
  for (const object of catalog.objects.values()) {
    if (object.kind === "index") indexes.set(tableId(object.schema, object.name), object);
    if (object.kind !== "column" && object.kind !== "index" && object.kind !== "constraint") {
      continue;
    }
    const owner = tableId(object.schema, object.table);
    const list = parts.get(owner);
    if (list === undefined) parts.set(owner, [object]);
    else list.push(object);
  }
  return { catalog, parts, indexes };
}

/** The parts of a partition that it has of its parent, by identity, each as being attached makes it. */
function usualParts(table: TableObject, world: World): (readonly [string, CatalogObject])[] {
  const root = rootOf(table, world.catalog);
  const found: (readonly [string, CatalogObject])[] = [];
  for (const object of world.parts.get(tableId(table.schema, table.name)) ?? []) {
    const usual = object.kind === "column"
      ? usualColumn(object, root, world)
      : object.kind === "index" && object.parent !== null
      ? usualIndex(object, world)
      : object.kind === "constraint" && !object.local &&
          (object.type === "primary" || object.type === "unique")
      ? usualKey(object, table, world)
      : null;
    if (usual !== null) found.push([identityOf(object), usual]);
  }
  return found;
}

/** The partitioned table that a model stands for. */
function rootOf(table: TableObject, catalog: Catalog): TableObject {
  if (table.partitionOf === null) return table;
  const { schema, table: name } = table.partitionOf;
  const parent = catalog.objects.get(identity("table", [schema, name]));
  return parent?.kind === "table" ? rootOf(parent, catalog) : table;
}

function usualColumn(
  column: ColumnObject,
  root: TableObject,
  { catalog }: World,
): CatalogObject | null {
  const above = catalog.objects.get(identity("column", [root.schema, root.name, column.name]));
  if (above?.kind !== "column" || root.name === column.table && root.schema === column.schema) {
    return null;
  }
  const { schema, table, position, local } = column;
  return { ...above, schema, table, position, local, identity: column.identity, comment: null };
}

function usualIndex(index: IndexObject, { indexes }: World): IndexObject | null {
  const above = indexes.get(tableId(index.parent!.schema, index.parent!.name));
  if (above === undefined) return null;
  const name = madeName(index.table, columnsInName(indexColumnNames(index.keys)), "idx");
  return { ...index, name, storage: above.storage, tablespace: above.tablespace, comment: null };
}

function usualKey(key: KeyConstraint, table: TableObject, { parts }: World): KeyConstraint | null {
  const { schema, table: name } = table.partitionOf!;
  const columns = JSON.stringify(key.columns);
  const above = parts.get(tableId(schema, name))?.find((one): one is KeyConstraint =>
    one.kind === "constraint" && one.type === key.type && JSON.stringify(one.columns) === columns
  );
  if (above === undefined) return null;
  const made = key.type === "primary"
    ? madeName(key.table, null, "pkey")
    : madeName(key.table, columnsInName(key.columns), "key");
  const { storage, tablespace } = above;
  return { ...key, name: made, storage, tablespace, comment: null, indexComment: null };
}
