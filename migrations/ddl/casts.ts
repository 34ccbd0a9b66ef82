/** How a column's values become values of another type. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import { ident } from "./quote.ts";

const families: readonly (readonly string[])[] = [
  ["int2", "int4", "int8", "numeric", "float4", "float8"],
  ["text", "varchar", "bpchar", "name"],
  ["date", "timestamp", "timestamptz"],
  ["time", "timetz"],
  ["json", "jsonb"],
  ["inet", "cidr"],
  ["bit", "varbit"],
];

const familyOf = new Map(families.flatMap((names, at) => names.map((name) => [name, at] as const)));

function isBuiltIn(type: TypeRef): boolean {
  return type.schema === "pg_catalog" || type.schema === null;
}

/** The type that values of a type have beneath its domains. */
export function baseType(type: TypeRef, { objects }: Catalog): TypeRef {
  let at = type;
  while (at.dimensions === 0) {
    const found = objects.get(identity("domain", [at.schema ?? "", at.name]));
    if (found?.kind !== "domain") break;
    at = found.base;
  }
  return at;
}

/** Whether the values need no USING: PostgreSQL casts them by itself in an assignment. */
function isAssigned(before: TypeRef, after: TypeRef): boolean {
  if (before.dimensions > 0 !== after.dimensions > 0) return false;
  if (before.schema === after.schema && before.name === after.name) return true;
  if (!isBuiltIn(before) || !isBuiltIn(after)) return false;
  const family = familyOf.get(before.name);
  if (family !== undefined && family === familyOf.get(after.name)) return true;
  return familyOf.get(after.name) === 1 && after.dimensions === 0 && before.dimensions === 0;
}

/** Pairs that are no assignment, and whose own cast takes what the other's text would not be read as. */
const DIRECT: ReadonlySet<string> = new Set([
  ...["bool int4", "int4 bool", "money numeric", "numeric money", "int4 money", "int8 money"],
  ...["timestamp time", "timestamptz time", "timestamptz timetz", "interval time", "time interval"],
  ...["bool", ...families[0]!].map((name) => `jsonb ${name}`),
]);

/** The types of a column's values on both sides, beneath domains. */
export interface ValueTypes {
  readonly from: TypeRef;
  readonly to: TypeRef;
}

/** Whether values stay what they are while a column gets a type that is made anew under its name. */
export function isBuiltInOnly({ from, to }: ValueTypes): boolean {
  return isBuiltIn(from) && isBuiltIn(to);
}

/** Writes the USING of a change of type; empty where PostgreSQL needs none. */
export function usingClause(name: string, to: string, types: ValueTypes): string {
  return isAssigned(types.from, types.to) ? "" : ` USING ${converted(ident(name), to, types)}`;
}

/** Writes a value as one of another type, which is given as printed. */
export function converted(value: string, formatted: string, { from, to }: ValueTypes): string {
  const isPlain = from.dimensions === 0 && to.dimensions === 0 && isBuiltInOnly({ from, to });
  const isNumber = (type: TypeRef): boolean => familyOf.get(type.name) === 0;
  if (isBuiltInOnly({ from, to }) && isAssigned(from, to)) return `${value}::${formatted}`;
  if (isPlain && DIRECT.has(`${from.name} ${to.name}`)) return `${value}::${formatted}`;
  if (isPlain && from.name === "bool" && isNumber(to)) return `${value}::int4::${formatted}`;
  if (isPlain && isNumber(from) && to.name === "bool") return `(${value} <> 0)::${formatted}`;
  const isText = familyOf.get(from.name) === 1 && from.dimensions === 0;
  // through text, as every type can be printed and read; not every pair has a cast
  return `${isText ? value : `${value}::text`}::${formatted}`;
}

const number = (text: string | undefined): number => text === undefined ? Infinity : Number(text);

/** Whether a change of type leaves the stored rows as they are. */
export function keepsRows(before: TypeRef, after: TypeRef): boolean {
  // how many dimensions an array has is a note that nothing checks
  if (before.dimensions > 0 !== after.dimensions > 0 || before.schema !== after.schema) {
    return false;
  }
  const [a, b] = [before.modifiers, after.modifiers];
  const wider = number(b[0]) >= number(a[0]);
  if (before.name === after.name) {
    switch (before.name) {
      case "varchar":
      case "varbit":
      case "timestamp":
      case "timestamptz":
      case "time":
      case "timetz":
        return b.length === 0 || a.length > 0 && wider;
      case "numeric":
        return b.length === 0 || a.length > 0 && wider && (a[1] ?? "0") === (b[1] ?? "0");
      default:
        return a.join() === b.join();
    }
  }
  const pair = `${before.name} ${after.name}`;
  if (pair === "varchar text") return true;
  if (pair === "text varchar") return b.length === 0;
  return pair === "cidr inet";
}

/** Whether a change of type can lose a part of a value or be refused by one. */
export function narrows(before: TypeRef, after: TypeRef): boolean {
  if (keepsRows(before, after)) return false;
  if (before.dimensions > 0 !== after.dimensions > 0) return true;
  const safe = new Set([
    ...["int2 int4", "int2 int8", "int4 int8", "int2 numeric", "int4 numeric", "int8 numeric"],
    ...["float4 float8", "date timestamp", "date timestamptz", "timestamp timestamptz"],
    ...["timestamptz timestamp", "json jsonb", "int2 float8", "int4 float8"],
  ]);
  if (after.modifiers.length > 0) return true;
  return !(safe.has(`${before.name} ${after.name}`) || familyOf.get(after.name) === 1);
}
