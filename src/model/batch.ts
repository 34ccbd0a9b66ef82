/** Many rows as one parameter for each column: one statement text for any number of rows. */
import { column, item } from "../ast/make.ts";
import type { Expression, SelectItem, UnnestNode } from "../ast/nodes.ts";
import type { TypeRef } from "../catalog/type_ref.ts";
import { textArray } from "../codec/array_text.ts";
import { isCompositeCodec } from "../codec/composite.ts";
import type { ColumnMeta } from "../schema/meta.ts";

/** The alias of the rows that a statement takes. */
export const BATCH = "k";

const TEXT: TypeRef = { schema: "pg_catalog", name: "text", modifiers: [], dimensions: 0 };

/** Rows as lists become columns as lists. */
export function byColumn<Value>(
  width: number,
  rows: readonly (readonly Value[])[],
): Value[][] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => row[index]!));
}

/** Rows of encoded values, given column by column. */
export function batchSource(
  columns: readonly ColumnMeta[],
  texts: readonly (readonly (string | null)[])[],
): UnnestNode {
  return {
    kind: "unnest",
    alias: BATCH,
    columns: columns.map((_, index) => batchName(index)),
    arrays: columns.map((one, index) => ({
      value: textArray(texts[index]!),
      // unnest would take arrays of arrays apart down to their scalars, and composites to their fields
      type: isContainer(one) ? TEXT : one.type,
    })),
  };
}

/** Keys as rows, one array for each column, under the names `key0`, `key1` and so on. */
export function keySource(
  columns: readonly ColumnMeta[],
  keys: readonly (readonly string[])[],
): UnnestNode {
  const texts = keyArrays(columns.length, keys);
  return {
    kind: "unnest",
    alias: BATCH,
    columns: columns.map((_, index) => `key${index}`),
    arrays: columns.map((one, index) => ({ value: texts[index]!, type: one.type })),
  };
}

/** The parameters of keys, one array for each column. */
export function keyArrays(width: number, keys: readonly (readonly string[])[]): string[] {
  return byColumn(width, keys).map(textArray);
}

function batchName(index: number): string {
  return `c${index}`;
}

function isContainer(meta: ColumnMeta): boolean {
  return meta.type.dimensions > 0 || isCompositeCodec(meta.codec);
}

/** The value of a column in a batch. */
export function batchValue(meta: ColumnMeta, index: number): Expression {
  const value = column(BATCH, batchName(index));
  return isContainer(meta) ? { kind: "cast", item: value, type: bare(meta.type) } : value;
}

/** A cast to a length would cut in silence what the column refuses. */
function bare(type: TypeRef): TypeRef {
  return { ...type, modifiers: [] };
}

/** The values of a batch as a select list. */
export function batchItems(columns: readonly ColumnMeta[]): SelectItem[] {
  return columns.map((one, index) => item(batchValue(one, index)));
}
