/** What an object is called in a statement: its keyword and its quoted name. */
import type {
  CatalogObject,
  ObjectKind,
  ObjectOf,
  RoutineObject,
} from "../../src/catalog/types.ts";
import { ident, qualified } from "./quote.ts";

/** The keyword of an object's kind, and its name as it stands after it. */
export interface Target {
  readonly keyword: string;
  readonly name: string;
}

type Named = { readonly schema: string; readonly name: string };
type Part = { readonly schema: string; readonly table: string; readonly name: string };

const inSchema = (keyword: string) => (one: Named): Target => ({
  keyword,
  name: qualified(one.schema, one.name),
});
const onTable = (keyword: string) => (one: Part): Target => ({
  keyword,
  name: `${ident(one.name)} ON ${qualified(one.schema, one.table)}`,
});
const routine = (keyword: string) => (one: RoutineObject): Target => ({
  keyword,
  name: `${qualified(one.schema, one.name)}(${
    one.signature === "" && one.kind === "aggregate" ? "*" : one.signature
  })`,
});
const addressed = (keyword: string) => (one: { readonly address: string }): Target => ({
  keyword,
  name: one.address,
});

const targets: { readonly [Kind in ObjectKind]: ((one: ObjectOf<Kind>) => Target) | null } = {
  schema: (one) => ({ keyword: "SCHEMA", name: ident(one.name) }),
  extension: (one) => ({ keyword: "EXTENSION", name: ident(one.name) }),
  table: (one) => ({
    keyword: one.foreign === null ? "TABLE" : "FOREIGN TABLE",
    name: qualified(one.schema, one.name),
  }),
  column: (one) => ({
    keyword: "COLUMN",
    name: `${qualified(one.schema, one.table)}.${ident(one.name)}`,
  }),
  constraint: onTable("CONSTRAINT"),
  index: inSchema("INDEX"),
  sequence: inSchema("SEQUENCE"),
  enum: inSchema("TYPE"),
  domain: inSchema("DOMAIN"),
  composite: inSchema("TYPE"),
  range: inSchema("TYPE"),
  view: inSchema("VIEW"),
  "materialized view": inSchema("MATERIALIZED VIEW"),
  function: routine("FUNCTION"),
  procedure: routine("PROCEDURE"),
  aggregate: routine("AGGREGATE"),
  trigger: onTable("TRIGGER"),
  rule: onTable("RULE"),
  policy: onTable("POLICY"),
  statistics: inSchema("STATISTICS"),
  cast: addressed("CAST"),
  collation: addressed("COLLATION"),
  "event trigger": addressed("EVENT TRIGGER"),
  "foreign data wrapper": addressed("FOREIGN DATA WRAPPER"),
  "foreign server": addressed("SERVER"),
  operator: addressed("OPERATOR"),
  "operator class": addressed("OPERATOR CLASS"),
  "operator family": addressed("OPERATOR FAMILY"),
  publication: addressed("PUBLICATION"),
  "text search configuration": addressed("TEXT SEARCH CONFIGURATION"),
  "text search dictionary": addressed("TEXT SEARCH DICTIONARY"),
  "access method": addressed("ACCESS METHOD"),
  conversion: addressed("CONVERSION"),
  language: addressed("LANGUAGE"),
  "text search parser": addressed("TEXT SEARCH PARSER"),
  "text search template": addressed("TEXT SEARCH TEMPLATE"),
  transform: addressed("TRANSFORM"),
  privilege: null,
  "default privilege": null,
  unmodelled: null,
};

/** Names an object in a statement; null = its kind has no name there. */
export function targetOf(object: CatalogObject): Target | null {
  // the table is keyed by the object's own kind
  const target = targets[object.kind] as ((one: CatalogObject) => Target) | null;
  return target?.(object) ?? null;
}

/** Writes an object's keyword and name. */
export function targetText(object: CatalogObject): string {
  const target = targetOf(object);
  return target === null ? "" : `${target.keyword} ${target.name}`;
}
