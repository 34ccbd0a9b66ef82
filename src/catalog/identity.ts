import type { DefinedObject } from "./other_types.ts";
import type { CatalogObject, ObjectKind, ObjectOf } from "./types.ts";

/** The parts of an object's name that, with its kind, tell it from every other. */
type Parts<Kind extends ObjectKind> = (object: ObjectOf<Kind>) => readonly string[];

const inSchema = (o: { readonly schema: string; readonly name: string }) => [o.schema, o.name];
const onTable = (
  o: { readonly schema: string; readonly table: string; readonly name: string },
) => [o.schema, o.table, o.name];
const routine = (
  o: { readonly schema: string; readonly name: string; readonly signature: string },
) => [o.schema, o.name, o.signature];

const defined = (o: DefinedObject) => o.schema === null ? [o.name] : [o.schema, o.name];

const parts: { readonly [Kind in ObjectKind]: Parts<Kind> } = {
  schema: (o) => [o.name],
  extension: (o) => [o.name],
  table: inSchema,
  column: onTable,
  constraint: onTable,
  index: onTable,
  sequence: inSchema,
  enum: inSchema,
  domain: inSchema,
  composite: inSchema,
  range: inSchema,
  view: inSchema,
  "materialized view": inSchema,
  function: routine,
  procedure: routine,
  aggregate: routine,
  trigger: onTable,
  rule: onTable,
  policy: onTable,
  statistics: inSchema,
  cast: defined,
  collation: defined,
  "event trigger": defined,
  "foreign data wrapper": defined,
  "foreign server": defined,
  operator: defined,
  "operator class": defined,
  "operator family": defined,
  publication: defined,
  "text search configuration": defined,
  "text search dictionary": defined,
  "access method": defined,
  conversion: defined,
  language: defined,
  "text search parser": defined,
  "text search template": defined,
  transform: defined,
  privilege: (o) => [o.on.kind, ...o.on.name, o.grantee],
  "default privilege": (o) => [o.role, o.schema ?? "", o.objects, o.grantee],
  unmodelled: (o) => [o.what, o.name],
};

/** Names an object: the same text for the same object in any catalog, different for different ones. */
export function identityOf(object: CatalogObject): string {
  const name = parts[object.kind] as (object: CatalogObject) => readonly string[];
  return identity(object.kind, name(object));
}

/** Says whether a value is the name of a kind of object. */
export function isObjectKind(value: unknown): value is ObjectKind {
  return typeof value === "string" && Object.hasOwn(parts, value);
}

/** Makes the identity of an object from its kind and the parts of its name. */
export function identity(kind: ObjectKind, name: readonly string[]): string {
  return `${kind} ${name.map((part) => `"${part.replaceAll('"', '""')}"`).join(".")}`;
}
