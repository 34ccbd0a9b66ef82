import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCatalog } from "../../src/catalog/catalog.ts";
import { hostileNames } from "../support/hostile.ts";
import {
  catalogOf,
  classesOf,
  contextFor,
  enumObject,
  simpleTable,
  tableObjects,
} from "./emit_world.ts";

test("namesOf() names classes in the singular and files after them", () => {
  const catalog = catalogOf([simpleTable("order_items"), simpleTable("people")]);
  assert.deepEqual(classesOf(catalog), {
    "public.order_items": "OrderItem",
    "public.people": "Person",
  });
  const files = [...contextFor(catalog).names.models.values()].map((model) => model.file);
  assert.deepEqual(files, ["order_item", "person"]);
});

test("namesOf() prefers the table in the singular when two tables lead to one class", () => {
  const catalog = catalogOf([simpleTable("users"), simpleTable("user"), simpleTable("Users")]);
  assert.deepEqual(classesOf(catalog), {
    "public.Users": "Users",
    "public.user": "User",
    "public.users": "Users2",
  });
});

test("namesOf() prefixes the schema when a class is taken in public", () => {
  const catalog = catalogOf([
    { ...simpleTable("users"), schema: "auth" },
    simpleTable("users"),
    { ...simpleTable("sessions"), schema: "auth" },
  ]);
  assert.deepEqual(classesOf(catalog), {
    "public.users": "User",
    "auth.sessions": "Session",
    "auth.users": "AuthUser",
  });
});

test("namesOf() never names a class like something of the language", () => {
  const catalog = catalogOf(
    ["dates", "objects", "promises", "maps", "errors"].map((name) => simpleTable(name)),
  );
  assert.deepEqual(Object.values(classesOf(catalog)), [
    "DateModel",
    "ErrorModel",
    "MapModel",
    "ObjectModel",
    "PromiseModel",
  ]);
});

test("namesOf() leaves the names of the generated classes free", () => {
  const catalog = catalogOf([
    simpleTable("order"),
    simpleTable("order_base"),
    simpleTable("order_tables"),
  ]);
  assert.deepEqual(classesOf(catalog), {
    "public.order": "Order",
    "public.order_base": "OrderBase2",
    "public.order_tables": "OrderTables",
  });
});

test("namesOf() gives types names of their own when tables have them", () => {
  const catalog = catalogOf([simpleTable("statuses")], [
    enumObject("status", ["a"]),
    enumObject("text", ["b"]),
    enumObject("mood", ["c"], "other"),
    enumObject("mood", ["d"]),
  ]);
  const { types } = contextFor(catalog).names;
  const names = Array.from(types.values(), ({ typeName, factory }) => `${typeName} ${factory}`);
  assert.deepEqual(names, [
    "Mood mood",
    "StatusEnum statusEnum",
    "TextEnum textEnum",
    "MoodEnum moodEnum",
  ]);
});

test("namesOf() gives the same names whatever the order of the catalog", () => {
  const objects = hostileNames.flatMap((name) =>
    tableObjects(simpleTable(name, ...hostileNames.slice(0, 9)))
  );
  const forward = contextFor(makeCatalog(180000, objects)).names.models;
  const backward = contextFor(makeCatalog(180000, objects.toReversed())).names.models;
  assert.deepEqual([...backward].sort(), [...forward].sort());
  const classes = Array.from(forward.values(), (model) => model.className.toLowerCase());
  const files = Array.from(forward.values(), (model) => model.file);
  assert.equal(new Set(classes).size, hostileNames.length, "no two differ by case alone");
  assert.equal(new Set(files).size, hostileNames.length);
});

test("namesOf() keeps the names of other tables when a table is added", () => {
  const before = [simpleTable("users"), simpleTable("orders"), {
    ...simpleTable("users"),
    schema: "auth",
  }];
  const after = [...before, simpleTable("apples"), simpleTable("user_orders")];
  const kept = Object.entries(classesOf(catalogOf(after)))
    .filter(([table]) => table in classesOf(catalogOf(before)));
  assert.deepEqual(Object.fromEntries(kept), classesOf(catalogOf(before)));
});
