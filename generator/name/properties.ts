import { snakeCase } from "../../src/util/casing.ts";
import type { Casing } from "../options.ts";
import { Claims } from "./claims.ts";
import { propertyName } from "./identifier.ts";

/** The properties of a table's columns or a type's attributes. */
export interface Properties {
  /** The property of each column. */
  readonly byColumn: ReadonlyMap<string, string>;
  /** The names that are taken, for the relations to come. */
  readonly claims: Claims;
}

/**
 * Names the properties of columns, given in their order.
 *
 * A column whose property leads back to it has the first claim, whatever its position, so that
 * `a_b` is `aB` and `a__b` is `aB2`.
 */
export function propertiesOf(columns: readonly string[], casing: Casing): Properties {
  const claims = new Claims();
  const byColumn = new Map<string, string>();
  const natural = new Map(columns.map((column) => [column, propertyName(column, casing)]));
  const leadsBack = (column: string) => derivedColumn(natural.get(column)!) === column;
  for (const column of columns.filter(leadsBack)) {
    byColumn.set(column, claims.claim([natural.get(column)!]));
  }
  for (const column of columns) {
    if (!byColumn.has(column)) byColumn.set(column, claims.claim([natural.get(column)!]));
  }
  return { byColumn, claims };
}

/** The column that a property stands for when its declaration names none. */
export function derivedColumn(property: string): string {
  return snakeCase(property);
}
