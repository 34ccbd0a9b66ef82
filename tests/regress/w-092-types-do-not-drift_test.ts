import assert from "node:assert/strict";
import {
  array,
  decimal,
  doublePrecision,
  enumeration,
  integer,
  model,
  timestamp,
  timestamptz,
  uuid,
} from "../../mod.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { testDeclared } from "./declared.ts";

class Thing extends model("things", {
  id: uuid().primaryKey(),
  mood: enumeration("mood", ["sad", "ok"]),
  weights: array(doublePrecision()),
  at: timestamp(),
  seen: timestamptz(),
  price: decimal(12, 2),
  size: integer(),
}) {}

testDeclared("columns have the types that their fields say", [Thing], ({ live }) => {
  const types = objectsOf(live, "column").map(({ name, type }) =>
    `${name} ${type.name}${"[]".repeat(type.dimensions)}`
  );
  assert.deepEqual(types.sort(), [
    "at timestamp",
    "id uuid",
    "mood mood",
    "price numeric",
    "seen timestamptz",
    "size int4",
    "weights float8[]",
  ]);
});
