import assert from "node:assert/strict";
import { test } from "node:test";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import { builtinFamily, extensionFamily } from "../../src/codec/family.ts";
import { BUILTIN_OIDS } from "../../src/codec/oids.ts";
import { builtinCodec, codecByOid, codecFor, familyOf } from "../../src/codec/registry.ts";

const type = (name: string, more: Partial<TypeRef> = {}): TypeRef => ({
  schema: "pg_catalog",
  name,
  modifiers: [],
  dimensions: 0,
  ...more,
});

test("builtinCodec() knows every built-in type under its own name", () => {
  for (const [name] of BUILTIN_OIDS) {
    assert.equal(builtinCodec(name)?.name, name);
    assert.notEqual(builtinFamily(name), undefined, name);
  }
  for (const name of ["hstore", "__proto__", "constructor", "_int4", ""]) {
    assert.equal(builtinCodec(name), undefined);
  }
});

test("codecByOid() reads built-in types, their arrays, and the rest as text", () => {
  assert.equal(codecByOid(23).decode("7"), 7);
  assert.equal(codecByOid(20).decode("7"), 7n);
  assert.deepEqual(codecByOid(1007).decode("{{1},{NULL}}"), [[1], [null]]);
  assert.deepEqual(codecByOid(1020).decode("{(1,1),(0,0);(2,2),(0,0)}").length, 2);
  assert.deepEqual(codecByOid(3807).decode(`{"{\\"a\\": 1}"}`), [{ a: 1 }]);
  assert.equal(codecByOid(3904).decode("[1,5)").upper, 5);
  assert.equal(codecByOid(4536).decode("{[1,5)}")[0].upper, 5n);
  for (const oid of [0, 705, 2249, 2278, 16_384, -1, NaN]) {
    assert.equal(codecByOid(oid).decode("(1,2)"), "(1,2)");
  }
  const oids = BUILTIN_OIDS.flatMap(([, own, array]) => array === 0 ? [own] : [own, array]);
  assert.equal(new Set(oids).size, oids.length);
});

test("codecFor() finds built-in types, extension types and arrays", () => {
  assert.equal(codecFor(type("int8")).decode("1"), 1n);
  assert.equal(codecFor(type("int8", { schema: null })).decode("1"), 1n);
  assert.deepEqual(codecFor(type("int4", { dimensions: 2 })).decode("{{1}}"), [[1]]);
  assert.deepEqual(
    codecFor(type("jsonb", { dimensions: 2 })).encode([[[1], { a: 1 }]]),
    `{{[1],"{\\"a\\":1}"}}`,
  );
  for (const schema of [null, "public", "extensions", "__proto__"]) {
    assert.deepEqual(codecFor(type("vector", { schema })).decode("[1,2]"), [1, 2]);
    assert.equal(codecFor(type("hstore", { schema })).decode(`"a"=>NULL`).a, null);
  }
  const two = codecFor(type("vector", { schema: null, modifiers: ["2"] }));
  assert.throws(() => two.encode([1, 2, 3]), /expected 2 dimensions/);
  const many = codecFor(type("vector", { schema: null, modifiers: ["2"], dimensions: 1 }));
  assert.equal(many.encode([[1, 2]]), `{"[1,2]"}`);
});

test("codecFor() gives text for types that it does not know", () => {
  for (const name of ["order_status", "__proto__", "toString", "geometry"]) {
    const codec = codecFor(type(name, { schema: "public" }));
    assert.equal(codec.name, name);
    assert.equal(codec.decode("{1}"), "{1}");
  }
  // a type of the user's own may have a built-in type's name
  assert.equal(codecFor(type("int8", { schema: "shop" })).decode("one"), "one");
  const labels = codecFor(type("mood", { schema: "public", dimensions: 1 }));
  assert.deepEqual(labels.decode(`{sad,"so so"}`), ["sad", "so so"]);
});

test("familyOf() groups types, and says other for the unknown", () => {
  assert.equal(familyOf(type("int8")), "bigint");
  assert.equal(familyOf(type("citext", { schema: "public" })), "text");
  assert.equal(familyOf(type("halfvec", { schema: null })), "vector");
  assert.equal(familyOf(type("int8", { schema: "shop" })), "other");
  assert.equal(familyOf(type("__proto__", { schema: null })), "other");
  assert.equal(extensionFamily("hstore"), "hstore");
  assert.equal(extensionFamily("constructor"), undefined);
});
