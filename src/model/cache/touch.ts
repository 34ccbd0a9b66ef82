/** What statements of the models write, for what is cached of it. */
import type { Param, Rows } from "../../driver/port.ts";
import type { ColumnMeta, ModelMeta } from "../../schema/meta.ts";
import type { KeyTexts, Touch } from "./contract.ts";

/** Any rows of a table, in any way. */
export function touchAny({ schema, table }: Pick<ModelMeta, "schema" | "table">): Touch {
  return { schema, table, kind: "any", keys: null, columns: null };
}

/** New rows, which come back whole. */
export function touchNew(meta: ModelMeta): Touch {
  const { schema, table } = meta;
  return { schema, table, kind: "insert", keys: keysOfRows(meta), columns: null };
}

/** Rows of these keys, or any when null, some columns of which are written. */
export function touchUpdate(
  { schema, table }: ModelMeta,
  keys: Touch["keys"],
  columns: readonly string[],
): Touch {
  return { schema, table, kind: "update", keys, columns };
}

/** Rows of these keys, or any when null, that are deleted for good. */
export function touchDelete({ schema, table }: ModelMeta, keys: Touch["keys"]): Touch {
  return { schema, table, kind: "delete", keys, columns: null };
}

/** The primary key of a row as the server sent it. */
export function keyOfWire(meta: ModelMeta, wire: readonly Param[]): KeyTexts {
  return meta.primaryKey.map((one) => wire[meta.columns.indexOf(one)] ?? null);
}

/** Finds the primary keys of rows that come back whole. */
export function keysOfRows(meta: ModelMeta): (rows: Rows) => readonly KeyTexts[] | null {
  const places = meta.primaryKey.map((one: ColumnMeta) => meta.columns.indexOf(one));
  if (places.length === 0) return () => null;
  return ({ rows }) => rows.map((wire) => places.map((place) => wire[place] ?? null));
}
