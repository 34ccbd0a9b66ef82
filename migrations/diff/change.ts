import type { CatalogObject } from "../../src/catalog/types.ts";

/** An object that has to be made. */
export interface Create {
  readonly action: "create";
  readonly after: CatalogObject;
}

/** An object that has to go. */
export interface Drop {
  readonly action: "drop";
  readonly before: CatalogObject;
}

/** An object that becomes another one in place. Both have the same identity. */
export interface Alter {
  readonly action: "alter";
  readonly before: CatalogObject;
  readonly after: CatalogObject;
}

/** An object that cannot be altered: it is dropped and made again. Both have the same identity. */
export interface Rebuild {
  readonly action: "rebuild";
  readonly before: CatalogObject;
  readonly after: CatalogObject;
}

/** An object that keeps all but its name, or an enum that gives one of its labels another text. */
export interface Rename {
  readonly action: "rename";
  readonly before: CatalogObject;
  readonly after: CatalogObject;
  /** The label of an enum; null = the object itself is renamed. */
  readonly label: { readonly from: string; readonly to: string } | null;
}

/**
 * One difference between two catalogs.
 *
 * Renames come first, in the order in which they have to happen; every other change speaks of the
 * names that hold after them.
 */
export type Change = Create | Drop | Alter | Rebuild | Rename;
