import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import type { Change } from "./change.ts";
import { renamedCatalog } from "./renamed.ts";

/**
 * The catalog that changes make of another: `replay(a, diff(a, b))` has the objects of b.
 *
 * Facts that no change can bring about stay as they were: the places of columns, estimates.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { diff, replay, toCatalog } from "@matrx/orm/migrations";
 *
 * class Before extends model("notes", { id: integer().primaryKey(), note: text() }) {}
 * class After extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const [live, declared] = [toCatalog([Before]), toCatalog([After])];
 * const reached = replay(live, diff(live, declared));
 * console.log(diff(reached, declared).length); // 0
 * ```
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
