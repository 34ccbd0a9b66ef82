/** The type of a column, and how it changes. */
import type { ColumnObject } from "../../src/catalog/types.ts";
import { baseType, keepsRows, narrows, usingClause, type ValueTypes } from "./casts.ts";
import type { Surroundings } from "./ddl_kind.ts";
import { locks, loses, relationIdentity, statement } from "./make.ts";
import { ident, qualified } from "./quote.ts";
import type { DdlStatement, Loss } from "./statement.ts";
import { typeText } from "./type_text.ts";

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Writes a column's collation; empty where it is its type's own. */
export function collate(column: ColumnObject): string {
  const { collation } = column;
  return collation === null ? "" : ` COLLATE ${qualified(collation.schema, collation.name)}`;
}

/** Writes the beginning of the statements that alter a column of a table. */
export function onTable(column: ColumnObject, around: Surroundings, only = false): string {
  const table = around.catalog.objects.get(relationIdentity(column));
  const isForeign = table?.kind === "table" && table.foreign !== null;
  return `ALTER ${isForeign ? "FOREIGN " : ""}TABLE ${only ? "ONLY " : ""}${
    qualified(column.schema, column.table)
  }`;
}

/** Whether two columns differ in what ALTER COLUMN TYPE changes. */
export function isRetyped(before: ColumnObject, after: ColumnObject): boolean {
  return before.formatted !== after.formatted || !sameJson(before.type, after.type) ||
    !sameJson(before.collation, after.collation);
}

/** The types of the values of a column that changes. */
export function valueTypes(
  before: ColumnObject,
  after: ColumnObject,
  around: Pick<Surroundings, "catalog" | "before">,
): ValueTypes {
  return { from: baseType(before.type, around.before), to: baseType(after.type, around.catalog) };
}

/** What a change of type can destroy; null = nothing. */
export function retypeLoss(
  before: ColumnObject,
  after: ColumnObject,
  { from, to }: ValueTypes,
): Loss | null {
  if (!narrows(from, to)) return null;
  const table = qualified(after.schema, after.table);
  return loses(
    `what ${before.formatted} can hold and ${after.formatted} cannot, in ${table}.${
      ident(after.name)
    }`,
    `SELECT count(*) FROM ${table} WHERE ${ident(before.name)} IS NOT NULL`,
  ).loss;
}

/** Changes a column's type, with a USING of one's own if given; then all rows are written anew. */
export function retype(
  before: ColumnObject,
  after: ColumnObject,
  around: Surroundings,
  own: string | null = null,
): DdlStatement {
  const types = valueTypes(before, after, around);
  const using = own ?? usingClause(after.name, after.formatted, types);
  const keeps = keepsRows(before.type, after.type) && using === "" && own === null &&
    sameJson(before.collation, after.collation);
  return statement(
    `${onTable(after, around)} ALTER COLUMN ${ident(after.name)} TYPE ${
      typeText(after.type, after.formatted)
    }${collate(after)}${using}`,
    {
      ...locks("ACCESS EXCLUSIVE", relationIdentity(after)),
      rewrites: !keeps,
      scans: !keeps,
      loss: retypeLoss(before, after, types),
    },
  );
}
