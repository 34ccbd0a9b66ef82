import assert from "node:assert/strict";
import { integer, model, text } from "../../mod.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { testDeclared } from "./declared.ts";

class Seat extends model("seats", { hall: text(), nr: integer() }, {
  primaryKey: ["hall", "nr"],
}) {}

testDeclared("a key of several columns is one primary key", [Seat], async ({ live }) => {
  const keys = objectsOf(live, "constraint").filter(({ type }) => type === "primary");
  assert.deepEqual(keys.map(({ definition }) => definition), ["PRIMARY KEY (hall, nr)"]);
  await Seat.bulkCreate([{ hall: "A", nr: 1 }, { hall: "A", nr: 2 }]);
  await assert.rejects(Seat.create({ hall: "A", nr: 1 }), { name: "UniqueViolationError" });
});
