import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("update and delete use every column of a composite key", async ({ Pair }) => {
  await Pair.bulkCreate([{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }]);
  const row = await Pair.get({ a: 1, b: 2 });
  await row.update({ val: "x" });
  assert.equal(await Pair.count({ val: "x" }), 1);
  await row.delete();
  const left = await Pair.filter().orderBy("a", "b").all();
  assert.deepEqual(left.map(({ a, b }) => [a, b]), [[1, 1], [2, 1]]);
});
