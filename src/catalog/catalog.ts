import { identityOf } from "./identity.ts";
import type { CatalogObject, ObjectKind, ObjectOf } from "./types.ts";

/** A database's structure: a flat set of objects keyed by identity. */
export interface Catalog {
  /** The server's version number, e.g. 150018 or 180004. */
  readonly serverVersion: number;
  /** The objects by identity, in the order of their identities. */
  readonly objects: ReadonlyMap<string, CatalogObject>;
  /**
   * What objects need, as the server records it: identity -> identities that must be there before it.
   *
   * Beside the identities of objects there is `default "schema"."table"."column"`, which stands for
   * the expression of a column's default or generation. Empty for a catalog that was not read from a
   * server. No part of the structure: two catalogs that differ in this alone are equal.
   */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
}

/**
 * Makes a catalog from its objects, in any order. The last of two with one identity wins.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { makeCatalog, toCatalog } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const { serverVersion, objects } = toCatalog([Note]);
 * const tables = [...objects.values()].filter(({ kind }) => kind === "table");
 * console.log(makeCatalog(serverVersion, tables).objects.size); // 1
 * ```
 */
export function makeCatalog(
  serverVersion: number,
  objects: Iterable<CatalogObject>,
  dependencies: ReadonlyMap<string, readonly string[]> = new Map(),
): Catalog {
  const entries = Array.from(objects, (object) => [identityOf(object), object] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { serverVersion, objects: new Map(entries), dependencies };
}

/** Lists the objects of one kind, in the order of their identities. */
export function objectsOf<Kind extends ObjectKind>(
  catalog: Catalog,
  kind: Kind,
): ObjectOf<Kind>[] {
  const found: ObjectOf<Kind>[] = [];
  for (const object of catalog.objects.values()) {
    if (object.kind === kind) found.push(object as ObjectOf<Kind>);
  }
  return found;
}
