import { isRow, stateOf, valueOf } from "./row_state.ts";

/**
 * The columns of a row, and what its query added, as a plain object; values as they are. Of a row that a
 * view has shaped: what the view shows, rows in it as plain objects.
 */
export function toDict(row: object): Record<string, unknown> {
  return columnsOf(row, stateOf(row).shown === undefined ? (value) => value : dictValue);
}

/**
 * The same as JSON can say it: a bigint as decimal text, a Date in ISO 8601, bytes in
 * base64, everything within arrays and objects alike.
 */
export function toJSON(row: object): Record<string, unknown> {
  return columnsOf(row, jsonValue);
}

function columnsOf(row: object, read: (value: unknown) => unknown): Record<string, unknown> {
  const { model, shown } = stateOf(row);
  // what a query or a view added is the row's own as well
  const names = new Set([
    ...model.meta.columns.map(({ property }) => property),
    ...Object.keys(row),
  ]);
  for (const name of shown?.hidden ?? []) names.delete(name);
  return Object.fromEntries(Array.from(names, (name) => [name, read(valueOf(row, name))]));
}

/** A value as it is; rows in it as plain objects. */
function dictValue(value: unknown): unknown {
  if (isRow(value)) return (value as { toDict(): unknown }).toDict();
  return Array.isArray(value) ? value.map(dictValue) : value;
}

/** A value as JSON can say it; rows in it as their own `toJSON()` gives them. */
export function jsonValue(value: unknown): unknown {
  if (isRow(value)) return (value as { toJSON(): unknown }).toJSON();
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonValue(part)]));
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
