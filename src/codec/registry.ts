/** Finds the codec and the family of a type by its name, its OID or a column's declaration. */
import type { TypeRef } from "../catalog/type_ref.ts";
import { arrayCodec } from "./array.ts";
import type { ElementCodec } from "./array_text.ts";
import { bytea } from "./bytes.ts";
import type { AnyCodec } from "./codec.ts";
import { builtinFamily, extensionFamily, type Family } from "./family.ts";
import { box, point } from "./geometry.ts";
import { hstore } from "./hstore.ts";
import { interval } from "./interval.ts";
import { json, jsonb } from "./json.ts";
import { float4, float8, int2, int4, int8, oid } from "./number.ts";
import { numeric } from "./numeric.ts";
import { BUILTIN_OIDS } from "./oids.ts";
import { multirangeCodec, rangeCodec } from "./range.ts";
import { bool, uuid } from "./simple.ts";
import { textCodec } from "./text.ts";
import { date, timestamp, timestamptz } from "./timestamp.ts";
import { halfvecCodec, sparsevecCodec, vectorCodec } from "./vector.ts";

/** The range types and what their bounds are. */
const RANGES: readonly (readonly [range: string, multirange: string, bound: AnyCodec])[] = [
  ["int4range", "int4multirange", int4],
  ["int8range", "int8multirange", int8],
  ["numrange", "nummultirange", numeric],
  ["tsrange", "tsmultirange", timestamp],
  ["tstzrange", "tstzmultirange", timestamptz],
  ["daterange", "datemultirange", date],
];

/** The built-in types that are more than text. */
const PLAIN: readonly AnyCodec[] = [
  ...[bool, int2, int4, int8, oid, float4, float8, numeric, uuid, bytea],
  ...[json, jsonb, date, timestamp, timestamptz, interval, point, box],
];

/** Codecs of extension types, made for a column's number of dimensions. */
const EXTENSION: ReadonlyMap<string, (dimensions?: number) => AnyCodec> = new Map<
  string,
  (dimensions?: number) => AnyCodec
>([
  ["hstore", () => hstore],
  ["vector", vectorCodec],
  ["halfvec", halfvecCodec],
  ["sparsevec", sparsevecCodec],
]);

interface Tables {
  readonly byName: ReadonlyMap<string, AnyCodec>;
  readonly byOid: ReadonlyMap<number, AnyCodec>;
}

/** Made when they are first needed: most programs know the types of all their columns. */
let made: Tables | undefined;

function tables(): Tables {
  return made ??= makeTables();
}

function makeTables(): Tables {
  const more = [
    ...PLAIN,
    ...RANGES.flatMap(([range, multirange, bound]): AnyCodec[] => [
      rangeCodec(bound, range),
      multirangeCodec(bound, multirange),
    ]),
  ];
  const byName = new Map<string, AnyCodec>(
    BUILTIN_OIDS.map(([name]) => [name, textCodec(name)]),
  );
  for (const codec of more) byName.set(codec.name, codec);
  const byOid = new Map<number, AnyCodec>();
  for (const [name, own, array] of BUILTIN_OIDS) {
    const codec = byName.get(name)!;
    byOid.set(own, codec);
    if (array !== 0) byOid.set(array, arrayCodec(codec));
  }
  return { byName, byOid };
}

/** Gives the codec of a built-in type by the name that it has in `pg_type`; undefined when there is none. */
export function builtinCodec(name: string): AnyCodec | undefined {
  return tables().byName.get(name);
}

/** Gives the codec of a built-in type or array by OID; text for any other. */
export function codecByOid(oid: number): AnyCodec {
  return tables().byOid.get(oid) ?? textCodec("unknown");
}

/** Whether a name without a schema, or in this one, can mean a built-in type. */
function isBuiltin(type: TypeRef): boolean {
  return type.schema === null || type.schema === "pg_catalog";
}

function elementCodec(type: TypeRef): ElementCodec<unknown> {
  const builtin = isBuiltin(type) ? builtinCodec(type.name) : undefined;
  if (builtin !== undefined) return builtin;
  const extension = EXTENSION.get(type.name);
  if (extension === undefined) return textCodec(type.name) as AnyCodec;
  const dimensions = Number(type.modifiers[0]);
  return Number.isInteger(dimensions) ? extension(dimensions) : extension();
}

/**
 * Gives the codec of a column's type.
 *
 * Types of extensions are known by name, whatever their schema. A type that is not known, such as
 * an enum, comes and goes as text.
 */
export function codecFor(type: TypeRef): AnyCodec {
  const element = elementCodec(type);
  if (type.dimensions === 0) return element;
  return arrayCodec(element, { dimensions: type.dimensions });
}

/** Gives the family of a type, arrays by their elements; `"other"` for a type that is not known. */
export function familyOf(type: Pick<TypeRef, "schema" | "name">): Family {
  const builtin = isBuiltin(type as TypeRef) ? builtinFamily(type.name) : undefined;
  return builtin ?? extensionFamily(type.name) ?? "other";
}
