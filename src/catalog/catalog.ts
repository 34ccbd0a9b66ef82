import { identityOf } from "./identity.ts";
import type { CatalogObject, ObjectKind, ObjectOf } from "./types.ts";

/** A database's structure: a flat set of objects keyed by identity. */
export interface Catalog {
  /** The server's version number, e.g. 150018 or 180004. */
  readonly serverVersion: number;
  /** The objects by identity, in the order of their identities. */
  readonly objects: ReadonlyMap<string, CatalogObject>;
}

/** Makes a catalog from its objects, in any order. The last of two with one identity wins. */
export function makeCatalog(serverVersion: number, objects: Iterable<CatalogObject>): Catalog {
  const entries = Array.from(objects, (object) => [identityOf(object), object] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { serverVersion, objects: new Map(entries) };
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
