import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("an explicit null is written where the column has a default", async ({ Author }) => {
  assert.equal((await Author.create({ name: "a", note: null })).note, null);
  assert.equal((await Author.create({ name: "b" })).note, "dflt");
  const rows = await Author.bulkCreate([{ name: "c", note: null }, { name: "d" }]);
  assert.deepEqual(rows.map(({ note }) => note), [null, "dflt"]);
  assert.equal((await Author.upsert({ name: "b", note: null }, { conflict: ["name"] })).note, null);
});
