import type { Sql } from "../../src/ast/sql.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";

/** Facts about one table or view, by the name of what they are about. */
export type Facts = Record<string, unknown>;

/** The text of a fragment that came from a catalog. */
export function sqlText(sql: Sql | null | undefined): string | null {
  if (sql === null || sql === undefined) return null;
  if (sql.values.length > 0) throw new Error("a fragment from a catalog has a bound value");
  return sql.texts[0]!;
}

/** Types that are declared without the schema that their extension happens to be in. */
const EXTENSION_TYPES: ReadonlySet<string> = new Set([
  ...["citext", "hstore", "ltree", "vector", "halfvec", "sparsevec"],
]);

/** A type as text that tells it from every other. */
export function typeFact({ schema, name, modifiers, dimensions }: TypeRef): string {
  const isExtension = EXTENSION_TYPES.has(name) && schema !== "pg_catalog";
  return JSON.stringify([isExtension ? null : schema, name, modifiers, dimensions]);
}

/** Orders values by their JSON. */
export function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** A record with every value as text. */
export function texts(record: object | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record ?? {}).map(([key, value]) => [key, String(value)]),
  );
}
