import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import type { Change } from "./change.ts";
import { renamedCatalog } from "./renamed.ts";

/**
 * The catalog that changes make of another: `replay(a, diff(a, b))` has the objects of b.
 *
 * Facts that no change can bring about stay as they were: the places of columns, estimates.
 */
export function replay(catalog: Catalog, changes: readonly Change[]): Catalog {
  let current = catalog;
  for (const change of changes) {
    if (change.action === "rename") current = renamedCatalog(current, change);
  }
  const objects = new Map(current.objects);
  for (const change of changes) {
    if (change.action === "rename") continue;
    if (change.action === "drop") objects.delete(identityOf(change.before));
    else objects.set(identityOf(change.after), change.after);
  }
  return makeCatalog(current.serverVersion, objects.values(), current.dependencies);
}
