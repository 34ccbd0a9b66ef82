import type { Catalog } from "../../src/catalog/catalog.ts";
import { parentOf } from "../../src/catalog/parent.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Change, Rename } from "./change.ts";
import { type Comparison, isCompared, isSame } from "./compare.ts";
import type { Hints } from "./hints.ts";
import { mustRebuild } from "./rebuilds.ts";
import { renamesOf } from "./renames.ts";
import { renamedCatalog } from "./renamed.ts";

/** What counts as a difference, and what may be dropped. */
export interface DiffOptions extends Comparison {
  /**
   * Says whether an object of the live catalog that is not declared is a matter of the declaration, so
   * that it is dropped. Default: every object is. Parts of a table go with their table's answer.
   */
  readonly manages?: ((object: CatalogObject) => boolean) | undefined;
  /** Drops what is not declared, whatever `manages` says. Default false. */
  readonly dropUnmanaged?: boolean | undefined;
}

/**
 * Lists what has to change so that the live catalog becomes the declared one.
 *
 * Pure and total: it never asks. A rename is only seen if a hint tells it. What belongs to an
 * extension, and what the catalog does not describe, is left alone. The result is in the order of
 * identities, renames first; `plan` puts it into the order of work.
 *
 * @throws {MigrationError} a hint matches nothing
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { diff, toCatalog } from "@matrx/orm/migrations";
 *
 * class Before extends model("notes", { id: integer().primaryKey(), note: text() }) {}
 * class After extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const [live, declared] = [toCatalog([Before]), toCatalog([After])];
 * const changes = diff(live, declared, {
 *   renames: [{ kind: "column", schema: "public", table: "notes", from: "note", to: "title" }],
 * });
 * console.log(changes.map(({ action }) => action)); // ["rename"]
 * ```
 */
export function diff(
  live: Catalog,
  declared: Catalog,
  hints: Hints = {},
  options: DiffOptions = {},
): Change[] {
  const renames: Rename[] = renamesOf(live, declared, hints);
  let current = live;
  for (const rename of renames) current = renamedCatalog(current, rename);
  const changes: Change[] = [...renames];
  const identities = new Set([...current.objects.keys(), ...declared.objects.keys()]);
  for (const identity of [...identities].sort(byCode)) {
    const before = compared(current, identity, options);
    const after = compared(declared, identity, options);
    if (before !== undefined && after !== undefined) {
      // a table that becomes a view takes its columns along
      const moves = parentOf(before, current.objects) !== parentOf(after, declared.objects);
      if (!moves && isSame(before, after, options)) continue;
      const rebuild = moves || mustRebuild(before, after, current, declared);
      changes.push({ action: rebuild ? "rebuild" : "alter", before, after });
    } else if (before !== undefined) {
      if (isOurs(before, current, declared, options)) changes.push({ action: "drop", before });
    } else if (after !== undefined) {
      changes.push({ action: "create", after });
    }
  }
  return changes;
}

const byCode = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

function compared(
  catalog: Catalog,
  identity: string,
  options: DiffOptions,
): CatalogObject | undefined {
  const object = catalog.objects.get(identity);
  return object !== undefined && isCompared(object, options) ? object : undefined;
}

// A part follows its table: where the table is declared, what it has beside that goes.
function isOurs(
  object: CatalogObject,
  live: Catalog,
  declared: Catalog,
  { manages, dropUnmanaged = false }: DiffOptions,
): boolean {
  if (dropUnmanaged || manages === undefined) return true;
  const parent = parentOf(object, live.objects);
  const whole = parent === null ? undefined : live.objects.get(parent);
  if (whole !== undefined && !declared.objects.has(parent!)) {
    return manages(whole) && manages(object);
  }
  return manages(object);
}
