import assert from "node:assert/strict";
import { count, max, sum } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("aggregate() selects aggregates alone", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b", age: 4 }]);
  const found = await Author.filter().aggregate({ n: count(), age: sum("age"), most: max("age") });
  assert.deepEqual({ ...found }, { n: 2, age: 5, most: 4 });
});
