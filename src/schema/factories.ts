/** The field factories: one function per PostgreSQL type. */
import type { TypeRef } from "../catalog/type_ref.ts";
import type { IntervalInput } from "../codec/interval.ts";
import type { Range, RangeInput } from "../codec/range.ts";
import { codecFor } from "../codec/registry.ts";
import {
  timestampText as timestampCodec,
  timestamptzText as timestamptzCodec,
} from "../codec/timestamp.ts";
import type { SparseVector } from "../codec/vector.ts";
import { Field, fieldSpec } from "./field.ts";
import type { FieldKind } from "./spec.ts";

const builtin = (name: string, modifiers: readonly (string | number)[] = []): TypeRef => ({
  schema: "pg_catalog",
  name,
  modifiers: modifiers.map(String),
  dimensions: 0,
});

const extension = (name: string, modifiers: readonly (string | number)[] = []): TypeRef => ({
  ...builtin(name, modifiers),
  schema: null,
});

function make<Kind extends FieldKind, Read, Write = Read>(
  kind: Kind,
  type: TypeRef,
): Field<Kind, Read, Write> {
  return new Field(fieldSpec(kind, type, codecFor(type)));
}

/** Leaves out trailing modifiers that were not given. */
const given = (...modifiers: readonly (number | undefined)[]): number[] =>
  modifiers.filter((modifier) => modifier !== undefined);

/** `text`: a string of any length. */
export function text(): Field<"text", string, string> {
  return make("text", builtin("text"));
}

/** `varchar(length)`: a string of at most `length` characters; longer ones are refused by the server, never cut. */
export function varchar(length?: number): Field<"text", string, string> {
  return make("text", builtin("varchar", given(length)));
}

/** `character(length)`: a string padded with blanks to `length`, 1 by default; `null` is `bpchar` without a limit. */
export function char(length: number | null = 1): Field<"text", string, string> {
  return make("text", builtin("bpchar", length === null ? [] : [length]));
}

/** `citext`: a string that compares without regard to case (extension citext). */
export function citext(): Field<"text", string, string> {
  return make("text", extension("citext"));
}

/** `uuid`: a string in the usual form. */
export function uuid(): Field<"uuid", string, string> {
  return make("uuid", builtin("uuid"));
}

/** `smallint`: a whole number of 16 bits. */
export function smallint(): Field<"number", number, number> {
  return make("number", builtin("int2"));
}

/** `integer`: a whole number of 32 bits. */
export function integer(): Field<"number", number, number> {
  return make("number", builtin("int4"));
}

/** `bigint`: a whole number of 64 bits, read as a `bigint`. */
export function bigint(): Field<"number", bigint, bigint | number> {
  return make("number", builtin("int8"));
}

/** `real`: a floating-point number of 32 bits. */
export function real(): Field<"number", number, number> {
  return make("number", builtin("float4"));
}

/** `double precision`: a floating-point number of 64 bits. */
export function doublePrecision(): Field<"number", number, number> {
  return make("number", builtin("float8"));
}

/** `numeric(precision, scale)`: an exact decimal, read as a string so that no digit is lost. */
export function decimal(
  precision?: number,
  scale?: number,
): Field<"number", string, string | number | bigint> {
  return make("number", builtin("numeric", given(precision, scale)));
}

/** `money`: an amount as the server formats it. */
export function money(): Field<"number", string, string> {
  return make("number", builtin("money"));
}

/** `boolean`. */
export function boolean(): Field<"boolean", boolean, boolean> {
  return make("boolean", builtin("bool"));
}

/** `bytea`: bytes. */
export function bytea(): Field<"bytes", Uint8Array, Uint8Array> {
  return make("bytes", builtin("bytea"));
}

/** `timestamp with time zone(precision)`: an instant. Reading cuts microseconds to milliseconds; `timestamptzText` keeps them. */
export function timestamptz(precision?: number): Field<"date", Date, Date | string> {
  return make("date", builtin("timestamptz", given(precision)));
}

/** `timestamp(precision)` without a time zone, read and written as UTC. */
export function timestamp(precision?: number): Field<"date", Date, Date | string> {
  return make("date", builtin("timestamp", given(precision)));
}

/** `timestamp with time zone(precision)` as the server words it, to the microsecond. */
export function timestamptzText(precision?: number): Field<"date", string, string> {
  const type = builtin("timestamptz", given(precision));
  return new Field(fieldSpec("date", type, timestamptzCodec));
}

/** `timestamp(precision)` as the server words it, to the microsecond. */
export function timestampText(precision?: number): Field<"date", string, string> {
  const type = builtin("timestamp", given(precision));
  return new Field(fieldSpec("date", type, timestampCodec));
}

/** `date`: a calendar day as `YYYY-MM-DD`. */
export function date(): Field<"date", string, string | Date> {
  return make("date", builtin("date"));
}

/** `time(precision)`: a time of day as text. */
export function time(precision?: number): Field<"date", string, string> {
  return make("date", builtin("time", given(precision)));
}

/** `time with time zone(precision)`: a time of day as text. */
export function timetz(precision?: number): Field<"date", string, string> {
  return make("date", builtin("timetz", given(precision)));
}

/** `interval`: a duration in ISO 8601, such as `P1DT2H`. `interval("day to second", 3)` and `interval(3)` limit it. */
export function interval(
  fields?: string | number,
  precision?: number,
): Field<"date", string, string | IntervalInput> {
  const modifiers = [fields, precision].filter((modifier) => modifier !== undefined);
  return make("date", builtin("interval", modifiers));
}

/** `jsonb`: JSON, parsed. The type argument is the caller's word for what is stored. */
export function jsonb<Value = unknown>(): Field<"json", Value, Value> {
  return make("json", builtin("jsonb"));
}

/** `json`: JSON kept as written by the server, parsed when read. */
export function json<Value = unknown>(): Field<"json", Value, Value> {
  return make("json", builtin("json"));
}

/** `inet`: a host address with an optional netmask. */
export function inet(): Field<"network", string, string> {
  return make("network", builtin("inet"));
}

/** `cidr`: a network address. */
export function cidr(): Field<"network", string, string> {
  return make("network", builtin("cidr"));
}

/** `macaddr`: a MAC address of 6 bytes. */
export function macaddr(): Field<"other", string, string> {
  return make("other", builtin("macaddr"));
}

/** `macaddr8`: a MAC address of 8 bytes. */
export function macaddr8(): Field<"other", string, string> {
  return make("other", builtin("macaddr8"));
}

/** `bit(length)`: a string of exactly `length` bits, 1 by default. */
export function bit(length: number = 1): Field<"other", string, string> {
  return make("other", builtin("bit", [length]));
}

/** `bit varying(length)`: a string of at most `length` bits. */
export function varbit(length?: number): Field<"other", string, string> {
  return make("other", builtin("varbit", given(length)));
}

/** `tsvector`: a document for full-text search. */
export function tsvector(): Field<"search", string, string> {
  return make("search", builtin("tsvector"));
}

/** `tsquery`: a full-text query. */
export function tsquery(): Field<"other", string, string> {
  return make("other", builtin("tsquery"));
}

/** `xml`. */
export function xml(): Field<"other", string, string> {
  return make("other", builtin("xml"));
}

/** `point`. */
export function point(): Field<
  "other",
  { readonly x: number; readonly y: number },
  { readonly x: number; readonly y: number }
> {
  return make("other", builtin("point"));
}

/** `int4range`. */
export function int4range(): Field<"range", Range<number>, RangeInput<number>> {
  return make("range", builtin("int4range"));
}

/** `int8range`. */
export function int8range(): Field<"range", Range<bigint>, RangeInput<bigint>> {
  return make("range", builtin("int8range"));
}

/** `numrange`. */
export function numrange(): Field<"range", Range<string>, RangeInput<string>> {
  return make("range", builtin("numrange"));
}

/** `tsrange`. */
export function tsrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return make("range", builtin("tsrange"));
}

/** `tstzrange`. */
export function tstzrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return make("range", builtin("tstzrange"));
}

/** `daterange`. */
export function daterange(): Field<"range", Range<string>, RangeInput<string>> {
  return make("range", builtin("daterange"));
}

/** `int4multirange`. */
export function int4multirange(): Field<"range", Range<number>[], readonly RangeInput<number>[]> {
  return make("range", builtin("int4multirange"));
}

/** `int8multirange`. */
export function int8multirange(): Field<"range", Range<bigint>[], readonly RangeInput<bigint>[]> {
  return make("range", builtin("int8multirange"));
}

/** `nummultirange`. */
export function nummultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return make("range", builtin("nummultirange"));
}

/** `tsmultirange`. */
export function tsmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return make("range", builtin("tsmultirange"));
}

/** `tstzmultirange`. */
export function tstzmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return make("range", builtin("tstzmultirange"));
}

/** `datemultirange`. */
export function datemultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return make("range", builtin("datemultirange"));
}

/** `hstore`: text keys with text or NULL values (extension hstore). */
export function hstore(): Field<
  "hstore",
  Record<string, string | null>,
  Readonly<Record<string, string | null>>
> {
  return make("hstore", extension("hstore"));
}

/** `ltree`: a path of labels (extension ltree). */
export function ltree(): Field<"text", string, string> {
  return make("text", extension("ltree"));
}

/** `vector(dimensions)`: floats of 32 bits (extension vector). A wrong dimension is refused before it is sent. */
export function vector(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return make("vector", extension("vector", given(dimensions)));
}

/** `halfvec(dimensions)`: floats of 16 bits (extension vector). */
export function halfvec(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return make("vector", extension("halfvec", given(dimensions)));
}

/** `sparsevec(dimensions)`: a vector that stores only what is not zero (extension vector). */
export function sparsevec(dimensions?: number): Field<"vector", SparseVector, SparseVector> {
  return make("vector", extension("sparsevec", given(dimensions)));
}

/** The version counter of the optimistic lock: an integer that starts at 1 and grows with each update. */
export function version(): Field<"number", number, number, "optional"> {
  const type = builtin("int4");
  return new Field({
    ...fieldSpec("number", type, codecFor(type)),
    version: true,
    default: { kind: "value", value: 1 },
  });
}
