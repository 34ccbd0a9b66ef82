/** The JSON Schema (draft 2020-12) of a column's values. */
import type { FieldSpec } from "../schema/spec.ts";
import type { StandardSchema } from "../schema/standard.ts";
import { z } from "npm:zod@4.6.7";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Record<string, unknown>;

/** What a schema is for: what a write takes, or what `toJSON()` of a row gives. */
export type JsonUse = "write" | "row";

const WHOLE: Readonly<Record<string, readonly [number, number]>> = {
  int2: [-32_768, 32_767],
  int4: [-2_147_483_648, 2_147_483_647],
  oid: [0, 4_294_967_295],
};

const DECIMAL: JsonSchema = {
  type: "string",
  pattern: "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$",
};
const BYTES: JsonSchema = { type: "string", contentEncoding: "base64" };
const VECTOR: JsonSchema = { type: "array", items: { type: "number" } };

type Writer = (spec: FieldSpec, use: JsonUse) => JsonSchema;

const text: Writer = () => ({ type: "string" });

const limited: Writer = ({ type }) => {
  const [most] = type?.modifiers ?? [];
  return { type: "string", ...(most === undefined ? {} : { maxLength: Number(most) }) };
};

const instant: Writer = (_, use) =>
  use === "row" ? { type: "string", format: "date-time" } : { type: "string" };

const dense: Writer = ({ type }) => {
  const [dimensions] = type?.modifiers ?? [];
  if (dimensions === undefined) return VECTOR;
  return { ...VECTOR, minItems: Number(dimensions), maxItems: Number(dimensions) };
};

/** By the name of the type's codec; a type that is not named is text. */
const WRITERS: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries(
    Object.entries(WHOLE).map(([name, [minimum, maximum]]) => [
      name,
      () => ({ type: "integer", minimum, maximum }),
    ]),
  ),
  int8: (_, use) => use === "row" ? { type: "string", pattern: "^-?\\d+$" } : { type: "integer" },
  float4: () => ({ type: "number" }),
  float8: () => ({ type: "number" }),
  numeric: (_, use) => use === "row" ? DECIMAL : { anyOf: [DECIMAL, { type: "number" }] },
  bool: () => ({ type: "boolean" }),
  bytea: () => BYTES,
  uuid: () => ({ type: "string", format: "uuid" }),
  varchar: limited,
  bpchar: limited,
  timestamptz: instant,
  timestamp: instant,
  date: (_, use) => use === "row" ? { type: "string" } : { type: "string", format: "date" },
  interval: (_, use) => use === "row" ? { type: "string" } : { type: ["string", "object"] },
  json: () => ({}),
  jsonb: () => ({}),
  hstore: () => ({ type: "object", additionalProperties: { type: ["string", "null"] } }),
  point: () => ({
    type: "object",
    properties: { x: { type: "number" }, y: { type: "number" } },
    required: ["x", "y"],
  }),
  vector: dense,
  halfvec: dense,
  sparsevec: () => ({
    type: "object",
    properties: {
      dimensions: { type: "integer", minimum: 1 },
      indices: { type: "array", items: { type: "integer" } },
      values: { type: "array", items: { type: "number" } },
    },
    required: ["dimensions", "indices", "values"],
  }),
};

/** Gives the JSON Schema of a column's values, NULL aside; `spec` has a type of its own. */
export function jsonOf(spec: FieldSpec, use: JsonUse): JsonSchema {
  const { parts, labels, schema, codec } = spec;
  if (parts !== undefined) return ofParts(parts, use);
  if (labels !== undefined) return { type: "string", enum: [...labels] };
  if (schema !== undefined) return ofSchema(schema, use);
  const name = codec?.name ?? "";
  const writer = Object.hasOwn(WRITERS, name) ? WRITERS[name]! : text;
  return writer(spec, use);
}

/** Says that a value may be null too. */
export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

function ofParts(parts: NonNullable<FieldSpec["parts"]>, use: JsonUse): JsonSchema {
  switch (parts.kind) {
    case "domain":
      return jsonOf(parts.base, use);
    case "array": {
      const items = jsonOf(parts.item, use);
      return { type: "array", items: parts.item.nullable ? orNull(items) : items };
    }
    case "composite": {
      const properties = parts.attributes.map(([name, spec]) =>
        [name, orNull(jsonOf(spec, use))] as const
      );
      return {
        type: "object",
        properties: Object.fromEntries(properties),
        required: properties.map(([name]) => name),
      };
    }
    case "range":
      return rangeOf(parts.bound, use);
    case "multirange":
      return { type: "array", items: rangeOf(parts.bound, use) };
  }
}

function rangeOf(bound: FieldSpec, use: JsonUse): JsonSchema {
  const edge = orNull(jsonOf(bound, use));
  const flag = { type: "boolean" };
  const properties = {
    lower: edge,
    upper: edge,
    lowerInclusive: flag,
    upperInclusive: flag,
    empty: flag,
  };
  const all = Object.keys(properties);
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(use === "row" ? { required: all } : { minProperties: 1 }),
  };
}

/** A schema of Zod tells its own; of another library nothing is known but that it is JSON. */
function ofSchema(schema: StandardSchema, use: JsonUse): JsonSchema {
  if (!isZod(schema)) return {};
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: use === "row" ? "output" : "input",
    unrepresentable: "any",
  });
  return rest;
}

function isZod(schema: StandardSchema): schema is StandardSchema & z.core.$ZodType {
  return "_zod" in schema;
}
