import type { TypeRef } from "../../src/catalog/type_ref.ts";
import { quoteName } from "../../src/compile/output.ts";

/** What the server calls its own types; a `%` is where the modifiers go. */
const SPELLED: ReadonlyMap<string, string> = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["bool", "boolean"],
  ["bpchar", "character%"],
  ["varchar", "character varying%"],
  ["varbit", "bit varying%"],
  ["numeric", "numeric%"],
  ["time", "time% without time zone"],
  ["timetz", "time% with time zone"],
  ["timestamp", "timestamp% without time zone"],
  ["timestamptz", "timestamp% with time zone"],
]);

/** Names that are words of the grammar and need quotes as the name of a type. */
const QUOTED: ReadonlySet<string> = new Set(["char", "bit"]);

/** Writes a type as the server prints it, but for the names of users' types, which are all quoted. */
export function formattedType(type: TypeRef): string {
  return bareType(type) + "[]".repeat(Math.min(type.dimensions, 1));
}

function bareType(type: TypeRef): string {
  const { schema, name, modifiers } = type;
  if (schema === "pg_catalog" && name === "interval") return intervalType(modifiers);
  const numbers = modifiers.length === 0 ? "" : `(${modifiers.join(",")})`;
  if (schema !== "pg_catalog") return `${qualified(schema, name)}${numbers}`;
  if (name === "bpchar" && modifiers.length === 0) return "bpchar";
  if (name === "bit") return modifiers.length === 0 ? '"bit"' : `bit${numbers}`;
  const spelled = SPELLED.get(name);
  if (spelled !== undefined) {
    return spelled.includes("%") ? spelled.replace("%", numbers) : spelled + numbers;
  }
  return `${QUOTED.has(name) ? quoteName(name) : name}${numbers}`;
}

function intervalType(modifiers: readonly string[]): string {
  const isNumber = (modifier: string) => /^\d+$/.test(modifier);
  const fields = modifiers.find((modifier) => !isNumber(modifier));
  const precision = modifiers.find(isNumber);
  const words = fields === undefined ? "interval" : `interval ${fields}`;
  return precision === undefined ? words : `${words}(${precision})`;
}

function qualified(schema: string | null, name: string): string {
  return schema === null ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}
