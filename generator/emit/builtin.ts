/** What a column of a type is in code. */
export interface TypeText {
  /** The call that makes it: `varchar(20)`. */
  readonly expression: string;
  /** Which lookups it has. */
  readonly kind: string;
  /** The type of a value that is read, and of one that may be written. */
  readonly read: string;
  readonly write: string;
}

/** A built-in type's factory and its types in TypeScript. `{Name}` stands for a type of the library. */
export interface Builtin {
  readonly factory: string;
  readonly kind: string;
  readonly read: string;
  readonly write: string;
}

const of = (factory: string, kind: string, read: string, write = read): Builtin => ({
  factory,
  kind,
  read,
  write,
});

const range = (factory: string, value: string): Builtin =>
  of(factory, "range", `{Range}<${value}>`, `{RangeInput}<${value}>`);
const multirange = (factory: string, value: string): Builtin =>
  of(factory, "range", `{Range}<${value}>[]`, `readonly {RangeInput}<${value}>[]`);

/** The types of `pg_catalog` that have a factory, by their name there. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ["text", of("text", "text", "string")],
  ["varchar", of("varchar", "text", "string")],
  ["bpchar", of("char", "text", "string")],
  ["uuid", of("uuid", "uuid", "string")],
  ["int2", of("smallint", "number", "number")],
  ["int4", of("integer", "number", "number")],
  ["int8", of("bigint", "number", "bigint", "bigint | number")],
  ["float4", of("real", "number", "number")],
  ["float8", of("doublePrecision", "number", "number")],
  ["numeric", of("decimal", "number", "string", "string | number | bigint")],
  ["money", of("money", "number", "string")],
  ["bool", of("boolean", "boolean", "boolean")],
  ["bytea", of("bytea", "bytes", "Uint8Array")],
  ["timestamptz", of("timestamptz", "date", "Date", "Date | string")],
  ["timestamp", of("timestamp", "date", "Date", "Date | string")],
  ["date", of("date", "date", "string", "string | Date")],
  ["time", of("time", "date", "string")],
  ["timetz", of("timetz", "date", "string")],
  ["interval", of("interval", "date", "string", "string | {IntervalInput}")],
  ["jsonb", of("jsonb", "json", "unknown")],
  ["json", of("json", "json", "unknown")],
  ["inet", of("inet", "network", "string")],
  ["cidr", of("cidr", "network", "string")],
  ["macaddr", of("macaddr", "other", "string")],
  ["macaddr8", of("macaddr8", "other", "string")],
  ["bit", of("bit", "other", "string")],
  ["varbit", of("varbit", "other", "string")],
  ["tsvector", of("tsvector", "search", "string")],
  ["tsquery", of("tsquery", "other", "string")],
  ["xml", of("xml", "other", "string")],
  ["point", of("point", "other", "{ readonly x: number; readonly y: number }")],
  ["int4range", range("int4range", "number")],
  ["int8range", range("int8range", "bigint")],
  ["numrange", range("numrange", "string")],
  ["tsrange", range("tsrange", "Date")],
  ["tstzrange", range("tstzrange", "Date")],
  ["daterange", range("daterange", "string")],
  ["int4multirange", multirange("int4multirange", "number")],
  ["int8multirange", multirange("int8multirange", "bigint")],
  ["nummultirange", multirange("nummultirange", "string")],
  ["tsmultirange", multirange("tsmultirange", "Date")],
  ["tstzmultirange", multirange("tstzmultirange", "Date")],
  ["datemultirange", multirange("datemultirange", "string")],
]);

/** The types of extensions that have a factory, by name, with the extension that brings them. */
export const EXTENSION_TYPES: ReadonlyMap<string, Builtin & { readonly extension: string }> =
  new Map([
    ["citext", { ...of("citext", "text", "string"), extension: "citext" }],
    [
      "hstore",
      {
        ...of(
          "hstore",
          "hstore",
          "Record<string, string | null>",
          "Readonly<Record<string, string | null>>",
        ),
        extension: "hstore",
      },
    ],
    ["ltree", { ...of("ltree", "text", "string"), extension: "ltree" }],
    ["vector", { ...of("vector", "vector", "number[]", "readonly number[]"), extension: "vector" }],
    [
      "halfvec",
      { ...of("halfvec", "vector", "number[]", "readonly number[]"), extension: "vector" },
    ],
    ["sparsevec", { ...of("sparsevec", "vector", "{SparseVector}"), extension: "vector" }],
  ]);
