import { identity } from "./identity.ts";
import type { PrivilegeTarget } from "./other_types.ts";
import type { CatalogObject } from "./types.ts";

/**
 * The identity of the object that another is a part of, so that it goes and comes with it; null = it
 * stands by itself. What is on a view or a materialized view is told apart by `relations`.
 */
export function parentOf(
  object: CatalogObject,
  relations: { readonly has: (identity: string) => boolean },
): string | null {
  if (object.kind === "privilege") return heldOn(object.on);
  if (object.kind === "statistics") {
    return relationOf(object.table.schema, object.table.name, relations);
  }
  if (!("table" in object)) return null;
  return relationOf(object.schema, object.table, relations);
}

/** The identity of what a privilege is on; the sequence behind an identity goes with its column. */
export function heldOn({ kind, name }: PrivilegeTarget): string {
  return identity(kind === "identity" ? "column" : kind, name);
}

/** What a privilege may be on that is a relation, or a part of one. */
export const HELD_ON_RELATIONS: ReadonlySet<string> = new Set([
  ...["table", "view", "materialized view", "column", "identity"],
]);

/** The identity of the table, view or materialized view of a name. */
export function relationOf(
  schema: string,
  name: string,
  relations: { readonly has: (identity: string) => boolean },
): string {
  for (const kind of ["view", "materialized view"] as const) {
    const found = identity(kind, [schema, name]);
    if (relations.has(found)) return found;
  }
  return identity("table", [schema, name]);
}
