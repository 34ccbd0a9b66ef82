/** The field factories: one function per PostgreSQL type. */
import type { TypeRef } from "../catalog/type_ref.ts";
import { bytea as byteaCodec } from "../codec/bytes.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { point as pointCodec } from "../codec/geometry.ts";
import { hstore as hstoreCodec } from "../codec/hstore.ts";
import { interval as intervalCodec, type IntervalInput } from "../codec/interval.ts";
import { json as jsonCodec, jsonb as jsonbCodec } from "../codec/json.ts";
import { float4, float8, int2, int4, int8 } from "../codec/number.ts";
import { numeric } from "../codec/numeric.ts";
import { bool, uuid as uuidCodec } from "../codec/simple.ts";
import { textCodec } from "../codec/text.ts";
import {
  date as dateCodec,
  timestamp as timestampCodec,
  timestamptz as timestamptzCodec,
} from "../codec/timestamp.ts";
import { halfvecCodec, sparsevecCodec, type SparseVector, vectorCodec } from "../codec/vector.ts";
import { wrongArgument } from "../errors/argument.ts";
import { Field, fieldSpec } from "./field.ts";
import { baseLookups } from "./lookups/base.ts";
import { jsonLookups } from "./lookups/json.ts";
import { hstoreLookups } from "./lookups/keys.ts";
import type { Lookups } from "./lookups/lookup.ts";
import { networkLookups } from "./lookups/network.ts";
import { searchLookups } from "./lookups/search.ts";
import { textLookups } from "./lookups/text.ts";
import { vectorLookups } from "./lookups/vector.ts";
import {
  checkBy,
  isStandardSchema,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchema,
} from "./standard.ts";
import type { FieldKind } from "./spec.ts";

type Modifiers = readonly (string | number)[];

/** Names a built-in type. */
export const builtin = (name: string, modifiers: Modifiers = []): TypeRef => ({
  schema: "pg_catalog",
  name,
  modifiers: modifiers.map(String),
  dimensions: 0,
});

/** A field of a built-in type, whose name is its codec's. */
function make<Kind extends FieldKind, Read, Write = Read>(
  kind: Kind,
  codec: AnyCodec,
  modifiers: Modifiers = [],
  lookups?: () => Lookups,
): Field<Kind, Read, Write> {
  return new Field(fieldSpec(kind, builtin(codec.name, modifiers), codec, lookups));
}

/** A field of an extension's type, whose schema is not known. */
function extension<Kind extends FieldKind, Read, Write = Read>(
  kind: Kind,
  codec: AnyCodec,
  modifiers: Modifiers,
  lookups: () => Lookups,
): Field<Kind, Read, Write> {
  const type = { ...builtin(codec.name, modifiers), schema: null };
  return new Field(fieldSpec(kind, type, codec, lookups));
}

/** Leaves out trailing modifiers that were not given. */
const given = (...modifiers: readonly (number | undefined)[]): number[] =>
  modifiers.filter((modifier) => modifier !== undefined);

/** `text`: a string of any length. */
export function text(): Field<"text", string, string> {
  return make("text", textCodec("text"), [], textLookups);
}

/** `varchar(length)`: a string of at most `length` characters; longer ones are refused by the server, never cut. */
export function varchar(length?: number): Field<"text", string, string> {
  return make("text", textCodec("varchar"), given(length), textLookups);
}

/** `character(length)`: a string padded with blanks to `length`, 1 by default; `null` is `bpchar` without a limit. */
export function char(length: number | null = 1): Field<"text", string, string> {
  return make("text", textCodec("bpchar"), length === null ? [] : [length], textLookups);
}

/** `citext`: a string that compares without regard to case (extension citext). */
export function citext(): Field<"text", string, string> {
  return extension("text", textCodec("citext"), [], textLookups);
}

/** `uuid`: a string in the usual form. */
export function uuid(): Field<"uuid", string, string> {
  return make("uuid", uuidCodec);
}

/** `smallint`: a whole number of 16 bits. */
export function smallint(): Field<"number", number, number> {
  return make("number", int2);
}

/** `integer`: a whole number of 32 bits. */
export function integer(): Field<"number", number, number> {
  return make("number", int4);
}

/** `bigint`: a whole number of 64 bits, read as a `bigint`. */
export function bigint(): Field<"number", bigint, bigint | number> {
  return make("number", int8);
}

/** `real`: a floating-point number of 32 bits. */
export function real(): Field<"number", number, number> {
  return make("number", float4);
}

/** `double precision`: a floating-point number of 64 bits. */
export function doublePrecision(): Field<"number", number, number> {
  return make("number", float8);
}

/** `numeric(precision, scale)`: an exact decimal, read as a string so that no digit is lost. */
export function decimal(
  precision?: number,
  scale?: number,
): Field<"number", string, string | number | bigint> {
  return make("number", numeric, given(precision, scale));
}

/** `money`: an amount as the server formats it. */
export function money(): Field<"number", string, string> {
  return make("number", textCodec("money"));
}

/** `boolean`. */
export function boolean(): Field<"boolean", boolean, boolean> {
  return make("boolean", bool, [], baseLookups);
}

/** `bytea`: bytes. */
export function bytea(): Field<"bytes", Uint8Array, Uint8Array> {
  return make("bytes", byteaCodec);
}

/** `timestamp with time zone(precision)`: an instant. Reading cuts microseconds to milliseconds; `timestamptzText` keeps them. */
export function timestamptz(precision?: number): Field<"date", Date, Date | string> {
  return make("date", timestamptzCodec, given(precision));
}

/** `timestamp(precision)` without a time zone, read and written as UTC. */
export function timestamp(precision?: number): Field<"date", Date, Date | string> {
  return make("date", timestampCodec, given(precision));
}

/** `timestamp with time zone(precision)` as the server words it, to the microsecond. */
export function timestamptzText(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timestamptz"), given(precision));
}

/** `timestamp(precision)` as the server words it, to the microsecond. */
export function timestampText(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timestamp"), given(precision));
}

/** `date`: a calendar day as `YYYY-MM-DD`. */
export function date(): Field<"date", string, string | Date> {
  return make("date", dateCodec);
}

/** `time(precision)`: a time of day as text. */
export function time(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("time"), given(precision));
}

/** `time with time zone(precision)`: a time of day as text. */
export function timetz(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timetz"), given(precision));
}

/** `interval`: a duration in ISO 8601, such as `P1DT2H`. `interval("day to second", 3)` and `interval(3)` limit it. */
export function interval(
  fields?: string | number,
  precision?: number,
): Field<"date", string, string | IntervalInput> {
  const modifiers = [fields, precision].filter((modifier) => modifier !== undefined);
  return make("date", intervalCodec, modifiers);
}

/**
 * `jsonb`: JSON, parsed. The type argument is the caller's word for what is stored.
 *
 * With a schema of Zod, Valibot, ArkType or any other library of Standard Schema, the types are those of
 * the schema, and it is asked about each value that is written: by `create()`, `save()`, `update()` and
 * every bulk write. What it makes of the value is stored, defaults filled in. Values that are read are
 * as the database holds them: rows may be older than the schema. It must answer at once.
 *
 * @example
 * ```ts
 * import { integer, jsonb, model, type StandardSchema } from "@matrx/orm";
 *
 * const tags: StandardSchema<string[]> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "my",
 *     validate: (value) =>
 *       Array.isArray(value) ? { value } : { issues: [{ message: "expected a list" }] },
 *   },
 * };
 * class Note extends model("notes", { id: integer().primaryKey(), tags: jsonb(tags) }) {}
 * ```
 */
export function jsonb<Value = unknown>(): Field<"json", Value, Value>;
/** `jsonb` whose values follow a schema. */
export function jsonb<Schema extends StandardSchema>(
  schema: Schema,
): Field<"json", SchemaOutput<Schema>, SchemaInput<Schema>>;
export function jsonb(schema?: StandardSchema): Field<"json", unknown, unknown> {
  return followed("jsonb()", make("json", jsonbCodec, [], jsonLookups), schema);
}

/** `json`: JSON kept as written by the server, parsed when read. A schema is asked as for `jsonb`. */
export function json<Value = unknown>(): Field<"json", Value, Value>;
/** `json` whose values follow a schema. */
export function json<Schema extends StandardSchema>(
  schema: Schema,
): Field<"json", SchemaOutput<Schema>, SchemaInput<Schema>>;
export function json(schema?: StandardSchema): Field<"json", unknown, unknown> {
  return followed("json()", make("json", jsonCodec, [], jsonLookups), schema);
}

/** Ties a schema to a field, where one is given. */
function followed(
  call: string,
  field: Field<"json", unknown, unknown>,
  schema: StandardSchema | undefined,
): Field<"json", unknown, unknown> {
  if (schema === undefined) return field;
  if (!isStandardSchema(schema)) {
    throw wrongArgument(call, "a schema of Standard Schema, or nothing");
  }
  return new Field({ ...field.spec, schema, check: checkBy(schema) });
}

/** `inet`: a host address with an optional netmask. */
export function inet(): Field<"network", string, string> {
  return make("network", textCodec("inet"), [], networkLookups);
}

/** `cidr`: a network address. */
export function cidr(): Field<"network", string, string> {
  return make("network", textCodec("cidr"), [], networkLookups);
}

/** `macaddr`: a MAC address of 6 bytes. */
export function macaddr(): Field<"other", string, string> {
  return make("other", textCodec("macaddr"));
}

/** `macaddr8`: a MAC address of 8 bytes. */
export function macaddr8(): Field<"other", string, string> {
  return make("other", textCodec("macaddr8"));
}

/** `bit(length)`: a string of exactly `length` bits, 1 by default. */
export function bit(length: number = 1): Field<"other", string, string> {
  return make("other", textCodec("bit"), [length]);
}

/** `bit varying(length)`: a string of at most `length` bits. */
export function varbit(length?: number): Field<"other", string, string> {
  return make("other", textCodec("varbit"), given(length));
}

/** `tsvector`: a document for full-text search. */
export function tsvector(): Field<"search", string, string> {
  return make("search", textCodec("tsvector"), [], searchLookups);
}

/** `tsquery`: a full-text query. */
export function tsquery(): Field<"other", string, string> {
  return make("other", textCodec("tsquery"));
}

/** `xml`. */
export function xml(): Field<"other", string, string> {
  return make("other", textCodec("xml"));
}

/** `point`. */
export function point(): Field<
  "other",
  { readonly x: number; readonly y: number },
  { readonly x: number; readonly y: number }
> {
  return make("other", pointCodec);
}

/** `hstore`: text keys with text or NULL values (extension hstore). */
export function hstore(): Field<
  "hstore",
  Record<string, string | null>,
  Readonly<Record<string, string | null>>
> {
  return extension("hstore", hstoreCodec, [], hstoreLookups);
}

/** `ltree`: a path of labels (extension ltree). */
export function ltree(): Field<"text", string, string> {
  return extension("text", textCodec("ltree"), [], textLookups);
}

/** `vector(dimensions)`: floats of 32 bits (extension vector). A wrong dimension is refused before it is sent. */
export function vector(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return extension("vector", vectorCodec(dimensions), given(dimensions), vectorLookups);
}

/** `halfvec(dimensions)`: floats of 16 bits (extension vector). */
export function halfvec(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return extension("vector", halfvecCodec(dimensions), given(dimensions), vectorLookups);
}

/** `sparsevec(dimensions)`: a vector that stores only what is not zero (extension vector). */
export function sparsevec(dimensions?: number): Field<"vector", SparseVector, SparseVector> {
  return extension("vector", sparsevecCodec(dimensions), given(dimensions), vectorLookups);
}

/** The version counter of the optimistic lock: an integer that starts at 1 and grows with each update. */
export function version(): Field<"number", number, number, "optional"> {
  return new Field({
    ...fieldSpec("number", builtin("int4"), int4),
    version: true,
    default: { kind: "value", value: 1 },
  });
}
