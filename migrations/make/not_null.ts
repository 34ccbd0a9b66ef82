/** Names of NOT NULL, which PostgreSQL 18 has and older servers do not. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

/**
 * The names of NOT NULL of one catalog of which another says nothing, though both say that the column
 * is NOT NULL: any name will do. They come about where a table or column is renamed, as the server
 * does not rename them along.
 */
export function looseNames(of: Catalog, other: Catalog): CatalogObject[] {
  const said = new Set([...other.objects.values()].flatMap(columnOf));
  return [...of.objects.values()].filter((object) => {
    const [column] = columnOf(object);
    if (column === undefined || said.has(column) || !isPlain(object)) return false;
    return [of, other].every((one) => {
      const found = one.objects.get(column);
      return found?.kind === "column" && found.notNull;
    });
  });
}

/** A catalog with further objects. */
export function withObjects(catalog: Catalog, more: readonly CatalogObject[]): Catalog {
  if (more.length === 0) return catalog;
  const all = [...catalog.objects.values(), ...more];
  return makeCatalog(catalog.serverVersion, all, catalog.dependencies);
}

/** A catalog without some of its objects. */
export function withoutObjects(catalog: Catalog, gone: readonly CatalogObject[]): Catalog {
  if (gone.length === 0) return catalog;
  const left = [...catalog.objects.values()].filter((one) => !gone.includes(one));
  return makeCatalog(catalog.serverVersion, left, catalog.dependencies);
}

function isPlain(object: CatalogObject): boolean {
  return object.kind === "constraint" && object.type === "not null" && object.validated &&
    !object.noInherit && object.comment === null;
}

/** The column that an object names the NOT NULL of; none where it is something else. */
function columnOf(object: CatalogObject): string[] {
  if (object.kind !== "constraint" || object.type !== "not null") return [];
  return object.columns.map((column) => identity("column", [object.schema, object.table, column]));
}
