import { type Catalog, makeCatalog, objectsOf } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

/** A table or view by its schema and name. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

/**
 * What of a catalog its generated models do not say.
 *
 * Models say tables with columns, keys, constraints and indexes, and their partitions but for what is
 * a partition's own; of views the comments, the settings and the indexes. `without` are relations that got no model: all of them is
 * kept. What extensions bring and what the catalog cannot describe is left out.
 */
export function unsaidBy(catalog: Catalog, without: readonly RelationName[]): Catalog {
  const key = (schema: string, name: string) => identity("table", [schema, name]);
  const left = new Set(without.map(({ schema, name }) => key(schema, name)));
  const views = new Set(
    [...objectsOf(catalog, "view"), ...objectsOf(catalog, "materialized view")]
      .map(({ schema, name }) => key(schema, name)),
  );
  const partitions = new Set(
    objectsOf(catalog, "table").filter((table) => table.partitionOf !== null)
      .map(({ schema, name }) => key(schema, name)),
  );
  const kept = [...catalog.objects.values()].flatMap((object): CatalogObject[] => {
    if (object.extension !== null) return [];
    switch (object.kind) {
      case "unmodelled":
        return [];
      case "extension":
        // whichever version the server has
        return [{ ...object, version: "" }];
      case "table":
        return left.has(key(object.schema, object.name)) ? [object] : [];
      case "constraint":
        return left.has(key(object.schema, object.table)) ||
            object.local && partitions.has(key(object.schema, object.table))
          ? [object]
          : [];
      case "index":
        return left.has(key(object.schema, object.table)) ||
            object.parent === null && partitions.has(key(object.schema, object.table))
          ? [object]
          : [];
      case "column":
        return left.has(key(object.schema, object.table)) ? [object] : [];
      case "view":
        if (left.has(key(object.schema, object.name))) return [object];
        return [{ ...object, comment: null, options: {} }];
      case "materialized view":
        if (left.has(key(object.schema, object.name))) return [object];
        return [{
          ...object,
          comment: null,
          storage: {},
          tablespace: null,
          accessMethod: "heap",
          clusterOn: null,
        }];
      default:
        return [object];
    }
  });
  // a view's columns are there for whoever writes the view; they say nothing themselves
  for (const column of objectsOf(catalog, "column")) {
    const owner = key(column.schema, column.table);
    if (!views.has(owner) || left.has(owner) || column.extension !== null) continue;
    kept.push({ ...column, comment: null, default: null });
  }
  return makeCatalog(catalog.serverVersion, kept, catalog.dependencies);
}
