/** What every object of a catalog has. */
export interface Base {
  /** The object's comment; null = none. */
  readonly comment: string | null;
  /** The name of the extension that the object belongs to; null = it is the database's own. */
  readonly extension: string | null;
}

/** An object that lives in a schema. */
export interface InSchema extends Base {
  readonly schema: string;
  readonly name: string;
}

/** An object that belongs to a table, view or other relation. */
export interface OnTable extends Base {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}
