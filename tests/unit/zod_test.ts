import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "npm:zod@4.6.7";
import {
  array,
  bigint,
  bytea,
  composite,
  decimal,
  domain,
  enumeration,
  foreignKey,
  int4range,
  integer,
  jsonb,
  model,
  smallint,
  sql,
  text,
  timestamptz,
  uuid,
  varchar,
  vector,
  version,
  viewModel,
} from "../../mod.ts";
import { insertSchema, jsonSchema, rowSchema, updateSchema } from "../../src/zod/schemas.ts";

class Customer extends model("customers", { id: bigint().primaryKey(), name: text() }) {}

class Order extends model("orders", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  customerId: foreignKey<Customer>(() => Customer),
  status: enumeration("order_status", ["draft", "paid"]).default("draft"),
  code: varchar(4).comment("What the shop calls it"),
  total: decimal(5, 2),
  meta: jsonb(z.object({ source: z.string(), qty: z.int().default(1) })).nullable(),
  tags: array(varchar(3)).nullable(),
  doubled: decimal().generatedAs(sql`total * 2`),
  number: integer().identity("always"),
  createdAt: timestamptz().default(sql`now()`),
  version: version(),
}) {}

const ORDER = { customerId: 5, code: "ab", total: "1.50" };

/** What a schema says of an input, as `place: text`. */
function faults(schema: z.ZodType, input: unknown): string[] {
  const { error } = schema.safeParse(input);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("insertSchema() gives the values back as they came", () => {
  const row = { ...ORDER, meta: { source: "web" }, createdAt: new Date(0), tags: ["a"] };
  assert.deepEqual(insertSchema(Order).parse(row), row);
});

test("insertSchema() does list all that is wrong, each with its place", () => {
  const bad = {
    code: "abcde",
    total: "1000",
    status: "Paid",
    tags: ["a", "abcd"],
    meta: { qty: 0.5 },
  };
  assert.deepEqual(faults(insertSchema(Order), bad).map((one) => one.split(":")[0]), [
    ...["customerId", "status", "code", "total", "meta.source", "meta.qty", "tags.1"],
  ]);
});

test("insertSchema() does name the nearest field when a key is unknown", () => {
  assert.deepEqual(faults(insertSchema(Order), { ...ORDER, staus: "paid" }), [
    ': there is no field "staus": did you mean "status"?',
  ]);
  assert.deepEqual(faults(insertSchema(Order), { ...ORDER, doubled: "1", number: 1 }), [
    ": the server makes its value; the server makes its value",
  ]);
});

test("insertSchema() does count code points as PostgreSQL counts characters", () => {
  assert.deepEqual(faults(insertSchema(Order), { ...ORDER, code: "😀😀😀😀" }), []);
  assert.equal(faults(insertSchema(Order), { ...ORDER, code: "😀😀😀😀😀" }).length, 1);
});

test("insertSchema() does round decimals as PostgreSQL does", () => {
  const fits = (total: string | number): boolean =>
    insertSchema(Order).safeParse({ ...ORDER, total }).success;
  assert.ok(fits("999.994") && fits(999.994) && !fits("999.995") && fits("NaN"));
  assert.ok(!fits("Infinity") && fits("1e-9") && !fits("1e3"));
});

test("insertSchema() holds no value in what it says", () => {
  const secret = "s3cret-value";
  const bad = { ...ORDER, code: secret, total: secret, status: secret, tags: [secret] };
  const { error } = insertSchema(Order).safeParse(bad);
  assert.ok(error !== undefined && !error.message.includes(secret));
});

test("insertSchema() does build upon: pick, extend and refine work", () => {
  const own = insertSchema(Order).pick({ code: true, total: true }).extend({ note: z.string() });
  assert.deepEqual(own.parse({ code: "a", total: 1, note: "x" }), {
    code: "a",
    total: 1,
    note: "x",
  });
  assert.equal(faults(own, { code: "abcde", total: 1, note: 5, more: 1 }).length, 3);
});

test("updateSchema() takes any of the columns and refuses undefined and the version", () => {
  const schema = updateSchema(Order);
  assert.deepEqual(schema.parse({}), {});
  assert.deepEqual(schema.parse({ code: "ab", meta: null }), { code: "ab", meta: null });
  assert.deepEqual(faults(schema, { code: undefined, version: 3, status: null }), [
    "status: it cannot be null",
    "code: it is undefined: give a value, or leave the entry out",
    "version: it counts updates and cannot be written",
  ]);
});

test("rowSchema() takes what is read and nothing else", () => {
  const row = {
    id: "0d6a3a2e-1f6a-4f3a-9f6e-2f2f6a4b1c0d",
    customerId: 5n,
    status: "draft",
    code: "ab",
    total: "1.50",
    meta: { source: "web", qty: 1 },
    tags: null,
    doubled: "3.00",
    number: 1,
    createdAt: new Date(0),
    version: 1,
  };
  assert.deepEqual(rowSchema(Order).parse({ ...row, more: 1 }), row);
  assert.deepEqual(
    faults(rowSchema(Order), { ...row, customerId: 5, total: 1.5, createdAt: "2024-01-01" })
      .map((one) => one.split(":")[0]),
    ["customerId", "total", "createdAt"],
  );
  assert.deepEqual(faults(rowSchema(Order), {}).length, 11);
});

test("insertSchema() does refuse a view", () => {
  class Totals extends viewModel("totals", { id: uuid() }) {}
  assert.throws(() => insertSchema(Totals as never), { code: "schema_of_view" });
  assert.throws(() => jsonSchema(Totals, "insert"), { code: "schema_of_view" });
  assert.deepEqual(Object.keys(rowSchema(Totals).shape), ["id"]);
});

test("jsonSchema() refuses a word that it does not know", () => {
  // @ts-expect-error no such kind
  assert.throws(() => jsonSchema(Order, "inser"), { code: "invalid_option", hint: /"insert"/ });
});

test("jsonSchema() tells what an insert takes", () => {
  assert.deepEqual(jsonSchema(Order, "insert"), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      id: { type: "string", format: "uuid" },
      customerId: { type: "integer" },
      status: { type: "string", enum: ["draft", "paid"] },
      code: { type: "string", maxLength: 4, description: "What the shop calls it" },
      total: {
        anyOf: [
          { type: "string", pattern: "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$" },
          { type: "number" },
        ],
      },
      meta: {
        anyOf: [
          {
            type: "object",
            properties: {
              source: { type: "string" },
              qty: {
                default: 1,
                type: "integer",
                minimum: Number.MIN_SAFE_INTEGER,
                maximum: Number.MAX_SAFE_INTEGER,
              },
            },
            required: ["source"],
          },
          { type: "null" },
        ],
      },
      tags: {
        anyOf: [
          { type: "array", items: { type: "string", maxLength: 3 } },
          { type: "null" },
        ],
      },
      createdAt: { type: "string" },
      version: { type: "integer", minimum: -2147483648, maximum: 2147483647 },
    },
    required: ["customerId", "code", "total"],
    additionalProperties: false,
  });
});

test("jsonSchema() tells of an update without the version, and of a row as toJSON() gives it", () => {
  class Thing extends model("things", {
    id: bigint().primaryKey(),
    data: bytea(),
    at: timestamptz(),
    place: composite("place", { street: text(), house: smallint() }),
    span: int4range(),
    embedding: vector(3),
    mail: domain("mail", varchar(9)),
    version: version(),
  }) {}
  const update = jsonSchema(Thing, "update") as { properties: object; required?: unknown };
  assert.ok(!("version" in update.properties) && update.required === undefined);
  const { properties, required } = jsonSchema(Thing, "row") as {
    properties: Record<string, unknown>;
    required: string[];
  };
  assert.equal(required.length, 8);
  assert.deepEqual(properties["id"], { type: "string", pattern: "^-?\\d+$" });
  assert.deepEqual(properties["data"], { type: "string", contentEncoding: "base64" });
  assert.deepEqual(properties["at"], { type: "string", format: "date-time" });
  assert.deepEqual(properties["mail"], { type: "string", maxLength: 9 });
  assert.deepEqual(properties["embedding"], {
    type: "array",
    items: { type: "number" },
    minItems: 3,
    maxItems: 3,
  });
});
