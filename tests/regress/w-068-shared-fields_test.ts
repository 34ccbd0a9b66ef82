import assert from "node:assert/strict";
import { integer, model, text } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a shared object of fields serves several models in full", async ({ name }) => {
  const base = { id: integer().primaryKey().identity() };
  const named = { ...base, name: text(), age: integer().nullable() };
  class Writer extends model("authors", { ...named, note: text().nullable() }, { database: name }) {
    get shout(): string {
      return this.name.toUpperCase();
    }
  }
  const row = await Writer.create({ name: "Ann", age: 3, note: "x" });
  assert.deepEqual([row.id, row.age, row.note, row.shout], [1, 3, "x", "ANN"]);
  assert.deepEqual(Object.keys(row.toDict()), ["id", "name", "age", "note"]);
});
