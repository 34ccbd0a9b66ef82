import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type {
  ColumnObject,
  CompositeObject,
  DomainObject,
  EnumObject,
  RangeObject,
} from "../../src/catalog/types.ts";
import { groupBy } from "../../src/util/group_by.ts";
import { compareNames, keyOf } from "./source.ts";

/** A type of the database that gets a declaration of its own. */
export type NamedType = EnumObject | DomainObject | CompositeObject | RangeObject;

/** The types of a database that columns may have. */
export interface TypeTable {
  /** In the order of their names, by key. */
  readonly named: ReadonlyMap<string, NamedType>;
  /** The range type of each multirange, by the multirange's key. */
  readonly ranges: ReadonlyMap<string, RangeObject>;
  /** The schema of each installed extension. */
  readonly extensions: ReadonlyMap<string, string>;
}

/** Names a type in a map; a type that only the search path finds is no user's type. */
export function typeKey(type: TypeRef): string {
  return type.schema === null ? "" : keyOf({ schema: type.schema, name: type.name });
}

/** Gathers the types that get declarations: those of extensions do not. */
export function typeTableOf(catalog: Catalog): TypeTable {
  const ranges = objectsOf(catalog, "range").filter((type) => type.extension === null);
  const types: NamedType[] = [
    ...objectsOf(catalog, "enum"),
    ...objectsOf(catalog, "domain"),
    ...objectsOf(catalog, "composite"),
  ].filter((type) => type.extension === null);
  types.push(...ranges, ...rowTypesOf(catalog, types));
  return {
    named: new Map(types.sort(compareNames).map((type) => [keyOf(type), type])),
    ranges: new Map(ranges.map((type) => [keyOf(type.multirange), type])),
    extensions: new Map(objectsOf(catalog, "extension").map((one) => [one.name, one.schema])),
  };
}

/** The row types of tables and views that some column or type uses, as composite types. */
function rowTypesOf(catalog: Catalog, types: readonly NamedType[]): CompositeObject[] {
  const columns = groupBy(
    objectsOf(catalog, "column"),
    (column) => keyOf({ schema: column.schema, name: column.table }),
  );
  const found = new Map<string, CompositeObject>();
  const queue = [
    ...objectsOf(catalog, "column").map((column) => column.type),
    ...types.flatMap(usedTypes),
  ];
  for (let type = queue.pop(); type !== undefined; type = queue.pop()) {
    const key = typeKey(type);
    const own = columns.get(key);
    if (own === undefined || found.has(key) || type.schema === null) continue;
    found.set(key, rowType(type.schema, type.name, own));
    queue.push(...own.map((column) => column.type));
  }
  return [...found.values()];
}

function usedTypes(type: NamedType): TypeRef[] {
  if (type.kind === "domain") return [type.base];
  if (type.kind === "range") return [type.subtype];
  return type.kind === "composite" ? type.attributes.map((attribute) => attribute.type) : [];
}

function rowType(schema: string, name: string, columns: readonly ColumnObject[]): CompositeObject {
  const attributes = columns.toSorted((a, b) => a.position - b.position);
  return {
    kind: "composite",
    schema,
    name,
    owner: "",
    attributes,
    comment: null,
    extension: null,
  };
}
