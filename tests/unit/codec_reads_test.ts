import assert from "node:assert/strict";
import { test } from "node:test";
import { arrayCodec } from "../../src/codec/array.ts";
import { enumCodec } from "../../src/codec/enum.ts";
import { BUILTIN_OIDS } from "../../src/codec/oids.ts";
import { canRead, typeName } from "../../src/codec/reads.ts";
import { builtinCodec, codecByOid, codecFor } from "../../src/codec/registry.ts";
import { textCodec } from "../../src/codec/text.ts";

const OID = new Map(BUILTIN_OIDS.map(([name, oid]) => [name, oid]));
const ARRAY = new Map(BUILTIN_OIDS.map(([name, , array]) => [name, array]));

test("canRead() lets every codec read its own type and the array of it", () => {
  for (const [name, own, array] of BUILTIN_OIDS) {
    assert.ok(canRead(builtinCodec(name)!, own), name);
    if (array !== 0) assert.ok(canRead(codecByOid(array), array), `${name}[]`);
    assert.ok([name, `OID ${own}`].includes(typeName(own)), name);
    assert.ok([`${name}[]`, `OID ${array}`].includes(typeName(array)), name);
  }
});

/** The types that each type reads beside its own, of those in the list. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  bool: [],
  int2: ["int4"],
  int4: ["int2"],
  int8: ["int2", "int4"],
  float4: ["int2", "int4", "float8"],
  float8: ["int2", "int4", "float4"],
  numeric: ["int2", "int4", "int8", "float4", "float8"],
  json: ["jsonb"],
  jsonb: ["json"],
  uuid: ["text", "varchar", "bpchar", "name"],
  bytea: [],
  date: [],
  timestamp: [],
  timestamptz: [],
  interval: [],
  point: [],
  int4range: [],
  int8range: [],
};
const NAMES = [...Object.keys(ALSO), "text", "varchar", "bpchar", "name", "xml", "tsvector"];

test("canRead() lets a type read what keeps every digit, and arrays by their element", () => {
  for (const [name, also] of Object.entries(ALSO)) {
    const codec = builtinCodec(name)!;
    for (const other of NAMES) {
      const fits = other === name || also.includes(other);
      assert.equal(canRead(codec, OID.get(other)!), fits, `${name} over ${other}`);
      assert.equal(canRead(codec, ARRAY.get(other)!), false, `${name} over ${other}[]`);
      assert.equal(canRead(arrayCodec(codec), OID.get(other)!), false, `${name}[] over ${other}`);
      assert.equal(
        canRead(arrayCodec(codec), ARRAY.get(other)!),
        fits,
        `${name}[] over ${other}[]`,
      );
    }
  }
});

test("canRead() lets text read anything, and an array of it any array", () => {
  for (const name of NAMES) {
    assert.ok(canRead(textCodec("text"), OID.get(name)!));
    assert.ok(canRead(textCodec("text"), ARRAY.get(name)!));
    assert.ok(canRead(arrayCodec(textCodec("text")), ARRAY.get(name)!));
  }
  assert.equal(canRead(arrayCodec(textCodec("text")), OID.get("jsonb")!), false);
});

test("canRead() lets types pass that are not built in, and those that no server told", () => {
  const vector = codecFor({ schema: null, name: "vector", modifiers: [], dimensions: 0 });
  for (const codec of [builtinCodec("int4")!, vector, enumCodec("mood", ["good"])]) {
    for (const oid of [0, 16_384, 4_294_967_295]) assert.ok(canRead(codec, oid));
  }
  assert.equal(canRead(vector, OID.get("text")!), false);
  assert.ok(canRead(enumCodec("mood", ["good"]), OID.get("varchar")!));
  assert.equal(canRead(enumCodec("mood", ["good"]), OID.get("int4")!), false);
});
