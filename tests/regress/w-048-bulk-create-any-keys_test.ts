import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("rows of one bulkCreate() may give different columns", async ({ Author }) => {
  const rows = await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b", code: null }, {
    name: "c",
  }]);
  assert.deepEqual(rows.map(({ name, age, note }) => [name, age, note]), [
    ["a", 1, "dflt"],
    ["b", null, "dflt"],
    ["c", null, "dflt"],
  ]);
});
