import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("an update with more conditions than values numbers them right", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 1, code: "x" }, { name: "b", age: 1, code: "x" }]);
  const where = { name: "a", age: 1, code: { in: ["x", "y"] } };
  assert.equal(await Author.updateWhere(where, { note: "hit" }), 1);
  const row = await Author.get({ name: "b" });
  await row.update({ note: "own" });
  assert.deepEqual((await Author.filter().orderBy("id").all()).map(({ note }) => note), [
    "hit",
    "own",
  ]);
});
