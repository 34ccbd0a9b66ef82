/** A schema, or an object in no schema or table, that has a new name. */
export interface SchemaRename {
  readonly kind: "schema";
  readonly from: string;
  readonly to: string;
}

/** An object of a schema that has a new name; `type` is an enum, domain, composite or range. */
export interface ObjectRename {
  readonly kind: "table" | "view" | "materialized view" | "sequence" | "type";
  readonly schema: string;
  readonly from: string;
  readonly to: string;
}

/** A part of a table that has a new name. `table` is the table's name in the live catalog. */
export interface PartRename {
  readonly kind: "column" | "constraint" | "index" | "trigger" | "policy";
  readonly schema: string;
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** A label of an enum that has a new text. `type` is the enum's name in the live catalog. */
export interface LabelRename {
  readonly kind: "label";
  readonly schema: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
}

/** Says that a name of the declared catalog is an old one of the live catalog. */
export type RenameHint = SchemaRename | ObjectRename | PartRename | LabelRename;

/** What two catalogs cannot tell by themselves. */
export interface Hints {
  /** The renames, in any order. One that matches nothing is an error. */
  readonly renames?: readonly RenameHint[] | undefined;
}
