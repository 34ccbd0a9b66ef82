import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName } from "../../generator/name/files.ts";
import { pascalCase, propertyName, variableName } from "../../generator/name/identifier.ts";
import { propertiesOf } from "../../generator/name/properties.ts";
import { RESERVED_NAMES } from "../../src/schema/reserved.ts";
import { camelCase, snakeCase } from "../../src/util/casing.ts";
import { hostileNames } from "../support/hostile.ts";

const IDENTIFIER = /^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u;

test("snakeCase() and camelCase() lead back and forth when a name is ordinary", () => {
  const pairs = [
    ["created_at", "createdAt"],
    ["id", "id"],
    ["_private", "_private"],
    ["order_line_items", "orderLineItems"],
    ["straße_älter", "straße_älter"],
  ];
  for (const [snake, camel] of pairs) {
    assert.equal(camelCase(snake!), camel);
    assert.equal(snakeCase(camel!), snake);
  }
});

test("snakeCase() and camelCase() split acronyms and digits when a name has them", () => {
  assert.equal(snakeCase("userID"), "user_id");
  assert.equal(snakeCase("HTTPServer"), "http_server");
  assert.equal(snakeCase("line2Total"), "line2_total");
  assert.equal(camelCase("UserID"), "userId");
  assert.equal(camelCase("html_2_pdf"), "html2Pdf");
  assert.equal(camelCase("a__b"), "aB");
});

test("propertyName() gives a usable identifier for every hostile name", () => {
  for (const casing of ["camel", "preserve"] as const) {
    for (const name of hostileNames) {
      const property = propertyName(name, casing);
      assert.match(property, IDENTIFIER, JSON.stringify(name));
      assert.ok(!RESERVED_NAMES.has(property), property);
      assert.ok(!(property in Object.prototype), property);
    }
  }
});

test("propertyName() adds an underscore when a name is reserved or a keyword", () => {
  assert.equal(propertyName("filter", "camel"), "filter_");
  assert.equal(propertyName("fetch_fk", "camel"), "fetchFk_");
  assert.equal(propertyName("class", "camel"), "class_");
  assert.equal(propertyName("__proto__", "camel"), "__proto___");
  assert.equal(propertyName("toString", "preserve"), "toString_");
  assert.equal(propertyName("2fa", "camel"), "_2fa");
});

test("propertyName() keeps the database's own name when casing is preserve", () => {
  assert.equal(propertyName("created_at", "preserve"), "created_at");
  assert.equal(propertyName("CreatedAt", "preserve"), "CreatedAt");
});

test("propertiesOf() gives different names when columns collide", () => {
  for (const casing of ["camel", "preserve"] as const) {
    const { byColumn } = propertiesOf(hostileNames, casing);
    assert.equal(byColumn.size, hostileNames.length);
    assert.equal(new Set(byColumn.values()).size, hostileNames.length);
  }
});

test("propertiesOf() gives the plain name to the column that it leads back to", () => {
  const { byColumn } = propertiesOf(["a__b", "aB", "a_b", "a_b2"], "camel");
  assert.deepEqual(
    [...byColumn].sort(),
    [
      ["aB", "aB4"],
      ["a_b", "aB"],
      ["a_b2", "aB2"],
      ["a__b", "aB3"],
    ].sort(),
  );
});

test("pascalCase() gives a class's name for every hostile name", () => {
  for (const name of hostileNames) assert.match(pascalCase(name), IDENTIFIER, name);
  assert.equal(pascalCase("order_item"), "OrderItem");
  assert.equal(pascalCase("2fa"), "T2fa");
});

test("variableName() avoids keywords", () => {
  assert.equal(variableName("OrderStatus"), "orderStatus");
  assert.equal(variableName("Default"), "default_");
  assert.equal(variableName("Await"), "await_");
});

test("fileName() is safe on every file system for every hostile name", () => {
  for (const name of hostileNames) {
    const file = fileName(pascalCase(name));
    assert.match(file, /^[a-z0-9][a-z0-9_]{0,89}$/);
    assert.doesNotMatch(file, /^(con|prn|aux|nul|com\d|lpt\d|mod|enums|types)$/);
  }
  assert.equal(fileName("OrderItem"), "order_item");
  assert.equal(fileName("Mod"), "mod_table");
  assert.equal(fileName("Con"), "con_table");
});
