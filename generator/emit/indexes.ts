import type { IndexKey, IndexObject } from "../../src/catalog/types.ts";
import { propertyList } from "./constraints.ts";
import type { Imports } from "./imports.ts";
import { objectLiteral, recordLiteral, sqlLiteral, stringList, stringLiteral } from "./literal.ts";

/** Writes an index. */
export function indexExpression(
  index: IndexObject,
  byColumn: ReadonlyMap<string, string>,
  imports: Imports,
): string {
  const sql = () => imports.value("sql");
  const keys = index.keys.map((key) => indexKey(key, byColumn, sql));
  const parts = [`${imports.value("index")}(${keys.join(", ")})`];
  parts.push(`.named(${stringLiteral(index.name)})`);
  if (index.method !== "btree") parts.push(`.using(${stringLiteral(index.method)})`);
  if (index.unique) {
    parts.push(index.nullsNotDistinct ? ".unique({ nullsNotDistinct: true })" : ".unique()");
  }
  if (index.include.length > 0) {
    parts.push(`.include(${propertyList(index.include, byColumn).slice(1, -1)})`);
  }
  if (index.where !== null) parts.push(`.where(${sqlLiteral(index.where, sql())})`);
  if (Object.keys(index.storage).length > 0) {
    parts.push(`.with(${recordLiteral(index.storage)})`);
  }
  if (index.tablespace !== null) parts.push(`.tablespace(${stringLiteral(index.tablespace)})`);
  if (Object.keys(index.statistics).length > 0) {
    parts.push(`.statistics(${recordLiteral(index.statistics)})`);
  }
  if (index.comment !== null) parts.push(`.comment(${stringLiteral(index.comment)})`);
  return parts.join("");
}

function indexKey(
  key: IndexKey,
  byColumn: ReadonlyMap<string, string>,
  sql: () => string,
): string {
  const path = (one: IndexKey["opclass"]) =>
    one === null
      ? undefined
      : one.schema === "pg_catalog"
      ? stringLiteral(one.name)
      : stringList([one.schema, one.name]);
  const usualNulls = key.descending ? "first" : "last";
  const field = key.column === null ? null : byColumn.get(key.column) ?? key.column;
  const isPlain = key.opclass === null && key.collation === null && key.nulls === usualNulls &&
    Object.keys(key.opclassOptions).length === 0;
  if (isPlain && field !== null) return stringLiteral(`${key.descending ? "-" : ""}${field}`);
  if (isPlain && !key.descending) return sqlLiteral(key.expression ?? "", sql());
  return objectLiteral([
    ["field", field === null ? undefined : stringLiteral(field)],
    ["expression", key.expression === null ? undefined : sqlLiteral(key.expression, sql())],
    ["descending", key.descending ? "true" : undefined],
    ["nulls", key.nulls === usualNulls ? undefined : stringLiteral(key.nulls)],
    ["opclass", path(key.opclass)],
    [
      "opclassOptions",
      Object.keys(key.opclassOptions).length === 0 ? undefined : recordLiteral(key.opclassOptions),
    ],
    ["collation", path(key.collation)],
  ]);
}
